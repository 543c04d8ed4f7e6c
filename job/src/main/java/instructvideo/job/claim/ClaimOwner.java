package instructvideo.job.claim;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import instructvideo.format.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Who holds a claim, for the store and for people.
 *
 * @param id that no other claim has
 * @param command subcommand
 * @param host its name
 * @param process what tells this process from all others of the host, empty where that is not known
 * @param pid process number
 * @param since time of the host's clock: for people, nothing follows from it
 */
record ClaimOwner(String id, String command, String host, String process, long pid, String since) {

  private static final int START_TIME = 22 - 3; // of proc(5)'s stat, behind the name

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  /** A new claim of this process. */
  static ClaimOwner ofThisProcess(String command) {
    long pid = ProcessHandle.current().pid();
    return new ClaimOwner(
        UUID.randomUUID().toString(),
        command,
        hostName(),
        processName(pid).orElse(""),
        pid,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** As it was written; empty if a killed process has left half of it. */
  static Optional<ClaimOwner> parse(byte[] json) {
    try {
      ClaimOwner owner =
          Json.parse(GSON, new String(json, StandardCharsets.UTF_8), ClaimOwner.class);
      return Optional.ofNullable(owner).filter(read -> read.id != null);
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  byte[] toJson() {
    return GSON.toJson(this).getBytes(StandardCharsets.UTF_8);
  }

  /** Whether it was a process of this host, in the same container, that is no more. */
  boolean hasEnded() {
    boolean seesAll = Files.exists(Path.of("/proc/1")); // not with the mount option hidepid
    if (process == null || process.isEmpty() || !seesAll) {
      return false;
    }

    String here = hostIdentity().orElse("");
    return !here.isEmpty()
        && process.startsWith(here)
        && !processName(pid).equals(Optional.of(process));
  }

  /** For messages. */
  @Override
  public String toString() {
    return "%s on %s, process %d, since %s".formatted(command, host, pid, since);
  }

  /** The boot of the kernel and the namespace that process numbers are of (Linux). */
  private static Optional<String> hostIdentity() {
    try {
      String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      String space = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
      return Optional.of(boot + " " + space + " ");
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /**
   * With the ticks since boot at which the process was started: times of the wall clock change with
   * it.
   */
  private static Optional<String> processName(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return hostIdentity().map(host -> host + pid + " " + fields[START_TIME]);
    } catch (IOException e) {
      return Optional.empty(); // no such process, or no Linux
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "an unnamed host";
    }
  }
}
