package dev.berth.server.load;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A server that keeps images in memory, as far as the load needs it, and goes wrong where a test
/// says so: real registries send no wrong bytes and do not ask to wait when a test wants it.
final class FaultyRegistry implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private final Map<String, byte[]> uploads = new ConcurrentHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private volatile Fault fault = _ -> false;

  /// What goes wrong.
  @FunctionalInterface
  interface Fault {
    /// Whether it answered in place of the registry.
    boolean answers(HttpExchange exchange) throws IOException;
  }

  FaultyRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  Target target(@Nullable Credentials credentials) throws Exception {
    return new Target(URI.create(url()), credentials, SSLContext.getDefault());
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void plant(Fault planted) {
    fault = planted;
  }

  /// Method and path of each request so far.
  synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /// Forgets one of the contents whose path has this in it.
  boolean lose(String part) {
    Optional<String> path = contents.keySet().stream().filter(p -> p.contains(part)).findAny();
    return path.isPresent() && contents.remove(path.get()) != null;
  }

  private void take(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    synchronized (this) {
      asked.add(method + " " + exchange.getRequestURI());
    }
    try (exchange) {
      if (!fault.answers(exchange)) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        answer(exchange, method, exchange.getRequestURI().getPath(), body);
      }
    }
  }

  private void answer(HttpExchange exchange, String method, String path, byte[] body)
      throws IOException {
    switch (method) {
      case "POST" -> location(exchange, path + sessions.incrementAndGet() + "?state=a%2Fb");
      case "PATCH" -> {
        uploads.merge(path, body, FaultyRegistry::concat);
        location(exchange, path + "?state=c");
      }
      case "PUT" -> {
        put(exchange, path, body);
        send(exchange, 201, new byte[0]);
      }
      case "DELETE" -> send(exchange, contents.remove(path) == null ? 404 : 202, new byte[0]);
      default -> {
        byte[] content = path.equals("/v2/") ? new byte[0] : contents.get(path);
        if (content == null) {
          send(exchange, 404, "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\"}]}");
        } else {
          send(exchange, 200, content);
        }
      }
    }
  }

  private void put(HttpExchange exchange, String path, byte[] body) {
    if (path.contains("/manifests/")) {
      contents.put(path, body);
      contents.put(path.replaceAll("[^/]+$", FreshBlob.of(body).digest().toString()), body);
    } else {
      String digest = exchange.getRequestURI().getQuery().replaceAll(".*digest=", "");
      byte[] bytes = uploads.getOrDefault(path, new byte[0]);
      contents.put(path.replaceAll("uploads/.*", digest), bytes);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    var both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  private static void location(HttpExchange exchange, String path) throws IOException {
    exchange.getResponseHeaders().set("Location", path);
    send(exchange, 202, new byte[0]);
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
