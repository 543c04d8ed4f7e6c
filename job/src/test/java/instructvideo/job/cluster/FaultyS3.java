package instructvideo.job.cluster;

import instructvideo.job.S3Server;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The S3 API in a JVM of its own, with faults on command: a command is a line on the standard
 * input, each is answered by a line with the counts. It ends when its input does, so it outlives no
 * test.
 */
final class FaultyS3 {

  private final RequestFaults requests = new RequestFaults();
  private final S3Server server;
  private final FaultyConnections connections;

  private FaultyS3(Path folder) throws Exception {
    server = new S3Server(folder, requests::around);
    connections = new FaultyConnections(server.port());
  }

  /** Serves the folder that the argument names. */
  public static void main(String[] args) throws Exception {
    FaultyS3 s3 = new FaultyS3(Path.of(args[0]));
    System.out.printf("ports %d %d%n", s3.connections.port(), s3.server.port());
    try (BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        s3.obey(line.split(" ", -1));
        System.out.println(s3.counts());
      }
    } catch (Exception e) {
      System.out.println(e);
    }

    Runtime.getRuntime().halt(0); // the server's threads would keep it
  }

  private void obey(String[] command) throws Exception {
    switch (command[0]) {
      case "answer" ->
          requests.answer(
              Stream.of(command[1].split(",", -1)).mapToInt(Integer::parseInt).toArray(),
              Integer.parseInt(command[2]),
              command[3]);
      case "hold" -> requests.hold(command[1]);
      case "break" -> connections.breakEvery(Integer.parseInt(command[1]));
      case "away" -> connections.goAway(Duration.ofMillis(Long.parseLong(command[1])));
      case "heal" -> {
        requests.heal();
        connections.breakEvery(0);
      }
      case "counts" -> {}
      default -> throw new IllegalArgumentException(String.join(" ", command));
    }
  }

  private String counts() {
    return "counts %d %d %d %d"
        .formatted(requests.seen(), requests.answered(), requests.held(), connections.broken());
  }
}
