package dev.berth.server.events;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A real HTTP server that takes events, or does not.
final class EventReceiver implements AutoCloseable {
  private static final Pattern TAG = Pattern.compile("\"tag\": \"([^\"]*)\"");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<String> bodies = new ArrayList<>();
  private final List<String> fields = new ArrayList<>();
  private volatile int status = 200;
  private volatile boolean hanging;
  private int tries;

  private EventReceiver(HttpServer server) {
    this.server = server;
  }

  static EventReceiver start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var receiver = new EventReceiver(server);
    server.setExecutor(receiver.threads);
    server.createContext("/", receiver::take);
    server.start();
    return receiver;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events");
  }

  /// What it answers from now on.
  void answer(int with) {
    status = with;
  }

  /// Whether it takes requests and never answers them.
  void hang(boolean forEver) {
    hanging = forEver;
  }

  /// The tags in the events that it accepted, in order.
  synchronized List<String> tags() {
    return bodies.stream()
        .flatMap(body -> TAG.matcher(body).results())
        .map(EventReceiver::tag)
        .toList();
  }

  private static String tag(MatchResult match) {
    return match.group(1);
  }

  synchronized List<String> bodies() {
    return List.copyOf(bodies);
  }

  /// Header fields of all requests, as `name: value`.
  synchronized List<String> fields() {
    return List.copyOf(fields);
  }

  /// Requests so far, accepted or not.
  synchronized int tries() {
    return tries;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      note(exchange);
      if (hanging) {
        end.await();
        return;
      }
      int with = status;
      if (with < 400) {
        accept(new String(body, StandardCharsets.UTF_8));
      }
      if (with / 100 == 3) {
        exchange.getResponseHeaders().add("Location", "/elsewhere");
      }
      exchange.sendResponseHeaders(with, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void note(HttpExchange exchange) {
    tries++;
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> fields.add(name + ": " + value)));
  }

  private synchronized void accept(String body) {
    bodies.add(body);
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
