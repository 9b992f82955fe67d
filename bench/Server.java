import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server under test: a process on core 0, its port, and what the kernel counts of it.
final class Server implements AutoCloseable {
  private static final Path TOP = Path.of(System.getProperty("bench.top"));

  final Kind kind;
  final int port;
  final Path store;

  /// From the start of the process to its first answer, in milliseconds.
  final double startMillis;

  private final Process process;

  /// All kinds; `nginx` serves files only.
  enum Kind {
    BERTH("Berth"),
    REGISTRY2("registry 2.8.2"),
    DISTRIBUTION3("distribution 3"),
    NGINX("nginx");

    final String title;

    Kind(String title) {
      this.title = title;
    }
  }

  /// What a configuration has beyond that of the official image.
  ///
  /// @param http lines below `http`, each with two blanks before it
  /// @param top further sections
  record Extra(String http, String top) {
    static final Extra NONE = new Extra("", "");

    boolean tls() {
      return http.contains("tls:");
    }
  }

  private Server(Kind kind, int port, Path store, Process process, double startMillis) {
    this.kind = kind;
    this.port = port;
    this.store = store;
    this.process = process;
    this.startMillis = startMillis;
  }

  /// Starts a server and waits for its first answer.
  ///
  /// @param folder where its configuration and its errors go
  /// @param before a command that the server's command is given to, such as `taskset -c 0`
  static Server start(Kind kind, Path folder, Path store, List<String> before)
      throws IOException, InterruptedException {
    return start(kind, folder, store, before, Extra.NONE);
  }

  /// As above, with more in its configuration.
  static Server start(Kind kind, Path folder, Path store, List<String> before, Extra extra)
      throws IOException, InterruptedException {
    int port = freePort();
    Files.createDirectories(store);
    Path config = folder.resolve(kind + "-" + port + ".yml");
    Files.writeString(config, kind == Kind.NGINX ? nginx(port, store) : registry(port, store, extra));
    List<String> command = new ArrayList<>(before);
    command.addAll(command(kind, config));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(folder.resolve(kind + "-" + port + ".err").toFile());
    builder.environment().put("OTEL_TRACES_EXPORTER", "none");
    builder.environment().keySet().removeIf(name -> name.startsWith("REGISTRY_"));
    long begin = System.nanoTime();
    Process process = builder.start();
    String probe = kind == Kind.NGINX ? "/" : "/v2/";
    while (!(extra.tls() ? listens(port) : answers(port, probe))) {
      if (!process.isAlive() || System.nanoTime() - begin > 60_000_000_000L) {
        process.destroyForcibly();
        throw new IOException(
            kind
                + " did not start: "
                + Files.readString(folder.resolve(kind + "-" + port + ".err")));
      }
      Thread.sleep(1);
    }
    return new Server(kind, port, store, process, (System.nanoTime() - begin) / 1e6);
  }

  /// User and system time of all its threads so far, those that ended included, in microseconds.
  /// The kernel gives it in ticks of 10 ms.
  double cpuMicros() throws IOException {
    return cpuTicks(worker()) * 10_000;
  }

  /// Resident memory in KiB: all of it, and the part that no file stands behind.
  long[] residentKib() throws IOException {
    long all = 0;
    long anonymous = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        all = kib(line);
      } else if (line.startsWith("RssAnon:")) {
        anonymous = kib(line);
      }
    }
    return new long[] {all, anonymous};
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /// nginx does its work in a child.
  private long worker() {
    return kind == Kind.NGINX ? process.children().findFirst().orElseThrow().pid() : process.pid();
  }

  private static double cpuTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
  }

  private static long kib(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", ""));
  }

  private static List<String> command(Kind kind, Path config) {
    return switch (kind) {
      case BERTH -> List.of(TOP.resolve("berth").toString(), "serve", config.toString());
      case REGISTRY2 -> List.of("docker-registry", "serve", config.toString());
      case DISTRIBUTION3 -> List.of(distribution3(), "serve", config.toString());
      case NGINX -> List.of("/usr/sbin/nginx", "-c", config.toString());
    };
  }

  /// As `.ci/tools/install` builds it.
  static String distribution3() {
    String cache = System.getenv("BERTH_CI_CACHE");
    Path folder =
        cache == null ? Path.of(System.getenv("HOME"), ".cache", "berth-ci") : Path.of(cache);
    return folder.resolve("bin/distribution3").toString();
  }

  /// As the official image's own configuration has it.
  private static String registry(int port, Path store, Extra extra) {
    return """
    version: 0.1
    log:
      fields:
        service: registry
    storage:
      cache:
        blobdescriptor: inmemory
      filesystem:
        rootdirectory: %s
    http:
      addr: 127.0.0.1:%d
      headers:
        X-Content-Type-Options: [nosniff]
    %shealth:
      storagedriver:
        enabled: true
        interval: 10s
        threshold: 3
    %s"""
        .formatted(store, port, extra.http(), extra.top());
  }

  private static String nginx(int port, Path store) {
    return """
    daemon off;
    user root;
    worker_processes 1;
    pid %2$s/nginx.pid;
    error_log stderr;
    events { worker_connections 1024; }
    http {
      access_log off;
      sendfile on;
      tcp_nopush on;
      tcp_nodelay on;
      keepalive_requests 10000000;
      default_type application/octet-stream;
      client_body_temp_path %2$s;
      proxy_temp_path %2$s;
      fastcgi_temp_path %2$s;
      uwsgi_temp_path %2$s;
      scgi_temp_path %2$s;
      server { listen 127.0.0.1:%1$d; root %2$s; }
    }
    """
        .formatted(port, store);
  }

  private static boolean answers(int port, String target) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                  .getBytes());
      return socket.getInputStream().read() == 'H';
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 100);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
