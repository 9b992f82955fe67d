package dev.berth.e2e.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An HTTP server that receives notifications.
public final class EventSink implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> envelopes = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final boolean answering;

  private EventSink(HttpServer server, boolean answering) {
    this.server = server;
    this.answering = answering;
  }

  /// Begins to listen.
  ///
  /// @param answering false: takes requests and never answers
  public static EventSink start(boolean answering) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var sink = new EventSink(HttpServer.create(address, 0), answering);
      sink.server.setExecutor(sink.threads);
      sink.server.createContext("/", sink::take);
      sink.server.start();
      return sink;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A `notifications` section with this as its only endpoint.
  public String config(String timeout) {
    return """
    notifications:
      events: {includereferences: true}
      endpoints:
        - name: sink
          url: http://127.0.0.1:%d/events
          timeout: %s
          backoff: 50ms
    """
        .formatted(server.getAddress().getPort(), timeout);
  }

  /// The bodies of all requests so far, in order.
  public synchronized List<String> envelopes() {
    return List.copyOf(envelopes);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      synchronized (this) {
        envelopes.add(exchange.getRequestHeaders().getFirst("Content-Type") + "\n" + body);
      }
      if (!answering) {
        end.await();
      }
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
