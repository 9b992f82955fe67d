package dev.berth.server.tracing;

import dev.berth.oci.wire.Endpoint;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.Observation;
import dev.berth.server.engine.RequestHead;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Makes a span of each request of the protocol around another handler, from its turn to the end of
/// its answer, those included that no thread was free for. While the other handler works, the span
/// is the current one of its thread.
final class TracedHandler implements HttpHandler {
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final AttributeKey<Long> ANSWER_BYTES =
      AttributeKey.longKey("http.response.body.size");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<String> AGENT = AttributeKey.stringKey("user_agent.original");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final int ERRORS = 500;

  private final HttpHandler next;
  private final OciRoutes routes;
  private final Tracer tracer;
  private final Map<Endpoint, TracedEndpoint> endpoints = new EnumMap<>(Endpoint.class);

  /// Spans of requests that are answered, from the event loop to the thread that answers.
  private final Map<Same, Span> running = new ConcurrentHashMap<>();

  TracedHandler(HttpHandler next, OciRoutes routes, Tracer tracer) {
    this.next = next;
    this.routes = routes;
    this.tracer = tracer;
    for (Endpoint endpoint : Endpoint.values()) {
      endpoints.put(endpoint, TracedEndpoint.of(endpoint, routes.prefixPath()));
    }
  }

  @Override
  public void handle(HttpExchange exchange) {
    Span span = running.get(new Same(exchange.head()));
    if (span == null) {
      next.handle(exchange);
      return;
    }
    try (Scope _ = span.makeCurrent()) {
      next.handle(exchange);
    } catch (RuntimeException | Error e) {
      span.recordException(e);
      throw e;
    }
  }

  @Override
  public boolean needsNoStore(RequestHead head) {
    return next.needsNoStore(head);
  }

  @Override
  public Observation observe(RequestHead head) {
    Observation other = next.observe(head);
    TracedEndpoint endpoint = routes.endpoint(head.path()).map(endpoints::get).orElse(null);
    if (endpoint == null) {
      return other;
    }
    Span span = start(endpoint, head);
    if (!span.isRecording()) {
      return other;
    }
    var key = new Same(head);
    running.put(key, span);
    return (status, bodyBytes) -> {
      running.remove(key);
      end(span, status, bodyBytes);
      other.ended(status, bodyBytes);
    };
  }

  private Span start(TracedEndpoint endpoint, RequestHead head) {
    String method = TracedEndpoint.method(head.method());
    Span span =
        tracer
            .spanBuilder(endpoint.spanName(method))
            .setParent(ClientContext.of(head))
            .setSpanKind(SpanKind.SERVER)
            .setAttribute(METHOD, method)
            .setAttribute(ROUTE, endpoint.route())
            .startSpan();
    if (span.isRecording()) {
      span.setAttribute(PATH, head.path());
      span.setAttribute(SCHEME, head.secure() ? "https" : "http");
      head.headers().first("User-Agent").ifPresent(agent -> span.setAttribute(AGENT, agent));
    }
    return span;
  }

  private static void end(Span span, int status, long bodyBytes) {
    span.setAttribute(STATUS, (long) status);
    span.setAttribute(ANSWER_BYTES, bodyBytes);
    if (status >= ERRORS) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(ERROR, Integer.toString(status));
    }
    span.end();
  }

  /// One request, and no other that looks alike.
  private static final class Same {
    private final RequestHead head;

    Same(RequestHead head) {
      this.head = head;
    }

    // The same object is meant, not an equal one.
    @SuppressWarnings("ReferenceEquality")
    @Override
    public boolean equals(Object other) {
      return other instanceof Same same && same.head == head;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(head);
    }
  }
}
