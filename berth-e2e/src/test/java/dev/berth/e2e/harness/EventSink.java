package dev.berth.e2e.harness;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// An HTTP server that receives notifications.
public final class EventSink implements AutoCloseable {
  private final LoopbackServer server = new LoopbackServer(this::take);
  private final List<String> envelopes = new ArrayList<>();
  private final boolean answering;

  private EventSink(boolean answering) {
    this.answering = answering;
  }

  /// Begins to listen.
  ///
  /// @param answering false: takes requests and never answers
  public static EventSink start(boolean answering) {
    return new EventSink(answering);
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
        .formatted(server.port(), timeout);
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
        server.awaitEnd();
      }
      exchange.sendResponseHeaders(200, -1);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
