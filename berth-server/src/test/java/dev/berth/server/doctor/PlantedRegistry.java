package dev.berth.server.doctor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A listener that answers as much as the doctor asks as a registry would, but for the answers that
/// a test has put in their place.
final class PlantedRegistry implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Planted> planted = new HashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile boolean open;

  /// @param fields header fields, instead of those that belong there
  record Planted(int status, Map<String, String> fields, String body) {}

  PlantedRegistry() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String authority() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// As clients are told to come.
  URI url() {
    return URI.create("http://" + authority());
  }

  /// Puts an answer in the place of the right one.
  ///
  /// @param request such as `GET /v2/`
  void plant(String request, int status, Map<String, String> fields, String body) {
    planted.put(request, new Planted(status, fields, body));
  }

  /// What was asked, with `Authorization`, if it came.
  List<String> asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    String login = exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(request + (login == null ? "" : " " + login));
    try (InputStream body = exchange.getRequestBody()) {
      body.transferTo(OutputStream.nullOutputStream());
    }
    Planted instead = planted.get(request);
    Planted answer = instead == null ? right(request) : instead;
    exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
    answer.fields().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private Planted right(String request) {
    String upload = "/v2/berth-doctor/probe/blobs/uploads/1";
    return switch (request) {
      case "GET /", "GET /v2/" -> new Planted(200, Map.of(), "{}");
      case "GET /v2/_catalog" -> new Planted(200, Map.of(), "{\"repositories\":[]}");
      case "POST /v2/berth-doctor/probe/blobs/uploads/" -> {
        open = true;
        yield new Planted(202, Map.of("Location", upload), "");
      }
      case "PATCH /v2/berth-doctor/probe/blobs/uploads/1" ->
          new Planted(202, Map.of("Location", upload), "");
      case "DELETE /v2/berth-doctor/probe/blobs/uploads/1" -> {
        open = false;
        yield new Planted(204, Map.of(), "");
      }
      case "GET /v2/berth-doctor/probe/blobs/uploads/1" ->
          new Planted(open ? 204 : 404, Map.of(), "");
      default -> new Planted(404, Map.of(), "{\"errors\":[]}");
    };
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
