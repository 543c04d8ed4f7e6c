package instructvideo.job.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A TCP proxy before the server, whose connections can be reset in the middle of an answer, and
 * which can stop listening.
 */
final class FaultyConnections {

  private static final InetAddress HOST = InetAddress.getLoopbackAddress();

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "connection");
            thread.setDaemon(true);
            return thread;
          });
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final int server;
  private final int port;
  private ServerSocket listening;
  private int every;
  private long pieces;
  private long broken;

  /** Listens before the server at a port. */
  FaultyConnections(int server) throws IOException {
    this.server = server;
    listen(0);
    port = listening.getLocalPort();
  }

  /** Where clients find the server. */
  int port() {
    return port;
  }

  /** Resets the connection in every n-th piece of an answer; 0: none. */
  synchronized void breakEvery(int n) {
    every = n;
    pieces = 0;
    broken = 0;
  }

  /** Connections that were reset since that was told. */
  synchronized long broken() {
    return broken;
  }

  /** Resets all connections and refuses new ones for some time. */
  synchronized void goAway(Duration time) throws IOException {
    listening.close();
    for (Socket socket : open) {
      broken++;
      reset(socket);
    }

    threads.execute(
        () -> {
          try {
            Thread.sleep(time.toMillis());
            listen(port);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private synchronized void listen(int at) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(HOST, at));
    listening = socket;
    threads.execute(() -> accept(socket));
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Socket behind = new Socket(HOST, server);
        open.add(client);
        threads.execute(() -> copy(client, behind, false));
        threads.execute(() -> copy(behind, client, true));
      } catch (SocketException e) {
        return; // away
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void copy(Socket from, Socket to, boolean isAnswer) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (isAnswer && breaks()) {
          out.write(buffer, 0, read / 2);
          reset(to);
          return;
        }

        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      // One end is gone: so is the other, with the end of this block.
    } finally {
      open.remove(isAnswer ? to : from);
    }
  }

  private synchronized boolean breaks() {
    if (every > 0 && ++pieces % every == 0) {
      broken++;
      return true;
    }

    return false;
  }

  /** RST, not FIN. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It was closed before.
    }
  }
}
