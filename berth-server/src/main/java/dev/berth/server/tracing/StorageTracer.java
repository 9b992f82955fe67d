package dev.berth.server.tracing;

import dev.berth.storage.StorageException;
import dev.berth.storage.watched.DriverWatcher;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.function.Supplier;

/// Makes a span of each call of another driver that takes long, or fails, below the current span of
/// its thread, under the actions of registry 2.8.2. Where that records nothing, as in the
/// background, none is made. No span says a path: those of uploads are keys to them.
final class StorageTracer implements DriverWatcher {
  private final Tracer tracer;
  private final long leastNanos;

  /// @param least how long a call takes that is long
  StorageTracer(Tracer tracer, Duration least) {
    this.tracer = tracer;
    this.leastNanos = least.toNanos();
  }

  // A span that is never ended is never sent, which is how the short ones go.
  @Override
  public <T> T watch(Action action, Supplier<T> call) {
    if (!Span.current().isRecording()) {
      return call.get();
    }
    Span span = tracer.spanBuilder("store " + action.word()).startSpan();
    long start = System.nanoTime();
    try {
      T result = call.get();
      if (System.nanoTime() - start >= leastNanos) {
        span.end();
      }
      return result;
    } catch (StorageException e) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute("error.type", e.getClass().getSimpleName());
      span.end();
      throw e;
    }
  }
}
