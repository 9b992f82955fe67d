package dev.berth.server.tracing;

import dev.berth.server.engine.RequestHead;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The trace that a client says its request belongs to: `traceparent` and `tracestate` of the W3C.
/// Anybody can send these fields, so what is malformed, double or longer than it may be counts as
/// not sent.
final class ClientContext implements TextMapGetter<RequestHead> {
  /// The least that all must pass on, says the W3C; nobody needs more.
  private static final int MOST_CHARACTERS = 512;

  private static final TextMapGetter<RequestHead> FIELDS = new ClientContext();

  private ClientContext() {}

  /// The context of a request; the root where the client sent none.
  static Context of(RequestHead head) {
    return W3CTraceContextPropagator.getInstance().extract(Context.root(), head, FIELDS);
  }

  @Override
  public @Nullable String get(@Nullable RequestHead head, String name) {
    List<String> all = head == null ? List.of() : head.headers().all(name);
    if (all.isEmpty() || (all.size() > 1 && name.equals("traceparent"))) {
      return null;
    }
    String joined = all.size() == 1 ? all.getFirst() : String.join(",", all);
    return joined.length() > MOST_CHARACTERS ? null : joined;
  }
}
