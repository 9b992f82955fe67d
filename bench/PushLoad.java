import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// Uploads blobs, each of bytes that were never seen before, over several connections.
final class PushLoad {
  /// How a client sends a blob.
  enum Way {
    /// POST, then PUT with the bytes.
    PUT,
    /// POST, PATCH with the bytes, PUT without: what docker and most others do.
    PATCH
  }

  private static final AtomicLong NEXT = new AtomicLong(System.nanoTime());

  private final Server server;
  private final Way way;
  private final int size;

  /// Takes each blob's file away once it is stored, so that a long run does not fill the disk.
  private final boolean discard;

  PushLoad(Server server, Way way, int size, boolean discard) {
    this.server = server;
    this.way = way;
    this.size = size;
    this.discard = discard;
  }

  /// Pushes `count` blobs and checks that the server has the last one of each connection.
  void run(int connections, int count) throws IOException, InterruptedException {
    AtomicLong left = new AtomicLong(count);
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        all.add(threads.submit(() -> client(left)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(server.kind + ": " + e.getCause(), e.getCause());
    }
  }

  private Void client(AtomicLong left) throws Exception {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    String last = null;
    try (Client client = new Client(server.port)) {
      while (left.getAndDecrement() > 0) {
        if (last != null && discard) {
          Files.delete(data(server.store, last));
        }
        ByteBuffer.wrap(bytes).putLong(0, NEXT.getAndIncrement());
        last = sha256(bytes);
        push(client, "bench/pushed", bytes, last, way);
      }
      if (last != null) {
        client.expect(200, "HEAD", "/v2/bench/pushed/blobs/sha256:" + last, bytes, 0);
        if (!Arrays.equals(Files.readAllBytes(data(server.store, last)), bytes)) {
          throw new IllegalStateException(server.kind + " stored other bytes");
        }
        if (discard) {
          Files.delete(data(server.store, last));
        }
      }
    }
    return null;
  }

  /// Uploads one blob.
  static void push(Client client, String repository, byte[] bytes, String hex, Way way)
      throws IOException {
    byte[] none = new byte[0];
    String uploads = "/v2/" + repository + "/blobs/uploads/";
    String session = Client.target(client.expect(202, "POST", uploads, none, 0).header("location"));
    if (way == Way.PATCH) {
      session =
          Client.target(
              client
                  .expect(
                      202,
                      "PATCH",
                      session,
                      bytes,
                      bytes.length,
                      "Content-Type: application/octet-stream")
                  .header("location"));
    }
    String target = session + (session.contains("?") ? "&" : "?") + "digest=sha256:" + hex;
    int length = way == Way.PUT ? bytes.length : 0;
    client.expect(201, "PUT", target, bytes, length, "Content-Type: application/octet-stream");
  }

  /// Where a registry has the bytes of a blob.
  static Path data(Path store, String hex) {
    return store.resolve(
        "docker/registry/v2/blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
