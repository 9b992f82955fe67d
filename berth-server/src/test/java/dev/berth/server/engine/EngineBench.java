package dev.berth.server.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Measures the processor time that the engine takes per request. No test: a server and a load,
/// started apart so that each has its core; docs/performance.md says how.
public final class EngineBench {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int SMALL_BYTES = 500;

  private EngineBench() {}

  public static void main(String[] args) throws Exception {
    if (args[0].equals("serve")) {
      Path directory = Path.of(args[2]);
      for (int i = 0; i < 64; i++) {
        Files.write(
            directory.resolve("file"),
            new byte[1 << 20],
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      }
      EngineSettings settings =
          EngineSettings.defaults("127.0.0.1", Integer.parseInt(args[1]), HttpResponse.of(503));
      HttpEngine engine =
          HttpEngine.start(
              settings.withEventLoops(Integer.getInteger("loops", settings.eventLoops())),
              new Server(directory),
              InstantHandler.NONE);
      System.out.println("listening on " + engine.port());
    } else {
      load(Integer.parseInt(args[1]));
    }
  }

  /// Answers as a registry would, without one.
  private static final class Server implements HttpHandler {
    private final Path directory;
    private final byte[] small = new byte[SMALL_BYTES];
    private final AtomicLong uploads = new AtomicLong();

    Server(Path directory) {
      this.directory = directory;
    }

    @Override
    public void handle(HttpExchange exchange) {
      try {
        exchange.respond(
            switch (exchange.head().path()) {
              case "/small" -> smallAnswer();
              case "/file" -> file(Long.parseLong(exchange.head().query()));
              case "/upload" -> upload(exchange, true);
              case "/discard" -> upload(exchange, false);
              case "/cost" -> text(cpuNanos() + " " + residentKib());
              default -> HttpResponse.of(404);
            });
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private HttpResponse smallAnswer() {
      List<String> fields =
          List.of(
              "Content-Type",
              "application/vnd.oci.image.manifest.v1+json",
              "Docker-Content-Digest",
              "sha256:" + "0".repeat(64),
              "Docker-Distribution-Api-Version",
              "registry/2.0",
              "Etag",
              "\"sha256:" + "0".repeat(64) + "\"");
      return new HttpResponse(200, fields, new Content.Bytes(small));
    }

    private HttpResponse file(long length) throws IOException {
      FileChannel file = FileChannel.open(directory.resolve("file"));
      return new HttpResponse(200, List.of(), new Content.File(file, 0, length, () -> close(file)));
    }

    private static void close(FileChannel file) {
      try {
        file.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private HttpResponse upload(HttpExchange exchange, boolean keep)
        throws IOException, GeneralSecurityException {
      Path file = directory.resolve("upload" + uploads.incrementAndGet());
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] copy = new byte[BUFFER_BYTES];
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (ByteBuffer next = exchange.body().next();
            next != null;
            next = exchange.body().next()) {
          if (keep) {
            int length = next.remaining();
            next.get(next.position(), copy, 0, length);
            digest.update(copy, 0, length);
            while (next.hasRemaining()) {
              out.write(next);
            }
          }
        }
        if (keep) {
          out.force(true);
        }
      }
      Files.delete(file);
      return text("done");
    }
  }

  private static HttpResponse text(String text) {
    return HttpResponse.of(200).with(new Content.Bytes(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static long cpuNanos() {
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime();
  }

  private static String residentKib() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS"))
          .findFirst()
          .orElse("")
          .replaceAll("\\D", "");
    }
  }

  private static void load(int port) throws Exception {
    byte[] large = new byte[16 << 20];
    measure(port, "small GET", 32, 200_000, 200_000, client -> client.get("/small"));
    measure(port, "small GET, one connection", 1, 20_000, 40_000, client -> client.get("/small"));
    measure(port, "upload 16 MiB", 1, 250, 100, client -> client.put("/upload", large));
    measure(
        port, "upload 16 MiB, thrown away", 1, 50, 100, client -> client.put("/discard", large));
    measure(
        port, "upload 16 MiB, 64 clients", 64, 128, 256, client -> client.put("/upload", large));
    measure(port, "upload 4 KiB", 4, 1000, 2000, client -> client.put("/upload", new byte[4096]));
    measure(port, "64 MiB GET", 1, 20, 60, client -> client.get("/file?" + (64 << 20)));
    measure(port, "1 MiB GET", 4, 500, 2000, client -> client.get("/file?" + (1 << 20)));
  }

  @FunctionalInterface
  private interface Step {
    void run(Client client) throws IOException;
  }

  private static void measure(int port, String name, int clients, int warm, int count, Step step)
      throws Exception {
    run(port, clients, warm, step);
    long[] before = cost(port);
    long start = System.nanoTime();
    run(port, clients, count, step);
    long took = System.nanoTime() - start;
    long[] after = cost(port);
    System.out.printf(
        "%-28s %9.1f us CPU  %9.0f /s  resident %d MiB%n",
        name, (after[0] - before[0]) / 1e3 / count, count * 1e9 / took, after[1] >> 10);
  }

  private static long[] cost(int port) throws IOException {
    try (Client client = new Client(port)) {
      String[] parts = new String(client.get("/cost"), StandardCharsets.US_ASCII).split(" ", 2);
      return new long[] {Long.parseLong(parts[0]), Long.parseLong(parts[1])};
    }
  }

  private static void run(int port, int clients, int count, Step step) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Client client = new Client(port)) {
                      for (int j = 0; j < count / clients; j++) {
                        step.run(client);
                      }
                    } catch (IOException e) {
                      synchronized (failures) {
                        failures.add(e);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException(failures.getFirst());
    }
  }

  /// As little as a client can be, so that the load's core suffices.
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[256 << 10];

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    byte[] get(String path) throws IOException {
      out.write(
          ("GET "
                  + path
                  + " HTTP/1.1\r\nHost: localhost:5000\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      return answer();
    }

    byte[] put(String path, byte[] body) throws IOException {
      out.write(
          ("PUT " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      out.write(body);
      return answer();
    }

    private byte[] answer() throws IOException {
      int filled = 0;
      int bodyAt;
      do {
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
          throw new IOException("closed");
        }
        filled += read;
        bodyAt = bodyStart(filled);
      } while (bodyAt < 0);
      String head =
          new String(buffer, 0, bodyAt, StandardCharsets.US_ASCII)
              .toLowerCase(java.util.Locale.ROOT);
      if (!head.startsWith("http/1.1 200")) {
        throw new IOException(head);
      }
      int at = head.indexOf("content-length: ") + 16;
      long left = Long.parseLong(head.substring(at, head.indexOf('\r', at))) - (filled - bodyAt);
      byte[] body = java.util.Arrays.copyOfRange(buffer, bodyAt, filled);
      while (left > 0) {
        int read = in.read(buffer);
        if (read < 0) {
          throw new IOException("closed");
        }
        left -= read;
      }
      return body;
    }

    private int bodyStart(int filled) {
      for (int i = 3; i < filled; i++) {
        if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
