package dev.berth.server.tracing;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Tells of another exporter in the log when it begins to fail and when it works again, and no more
/// often than every ten minutes, however the collector behaves. Says nothing that the collector
/// sent.
final class ToldExporter implements SpanExporter {
  private static final System.Logger LOG = System.getLogger(ToldExporter.class.getName());
  private static final Duration SILENCE = Duration.ofMinutes(10);

  private final SpanExporter next;
  private final String host;
  private final AtomicBoolean failing = new AtomicBoolean();
  private volatile long toldNanos = System.nanoTime() - SILENCE.toNanos();

  /// @param host the collector as it may be shown
  ToldExporter(SpanExporter next, String host) {
    this.next = next;
    this.host = host;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = next.export(spans);
    return result.whenComplete(() -> tell(result));
  }

  private void tell(CompletableResultCode result) {
    if (result.isSuccess()) {
      if (failing.compareAndSet(true, false)) {
        LOG.log(Level.INFO, "traces are delivered to " + host + " again");
      }
    } else if (System.nanoTime() - toldNanos >= SILENCE.toNanos()
        && failing.compareAndSet(false, true)) {
      toldNanos = System.nanoTime();
      LOG.log(
          Level.WARNING,
          "traces cannot be delivered to "
              + host
              + " ("
              + reason(result.getFailureThrowable())
              + "); they are lost until it takes them, and requests go on. Look at the collector,"
              + " or at OTEL_EXPORTER_OTLP_ENDPOINT");
    }
  }

  /// By kind alone: messages may hold what was sent.
  private static String reason(@Nullable Throwable failure) {
    if (failure instanceof HttpExportException http && http.getResponse() != null) {
      return "it answered " + http.getResponse().getStatusCode();
    }
    Throwable last = failure;
    while (last != null && last.getCause() != null && !(last instanceof ConnectException)) {
      last = last.getCause();
    }
    return last == null ? "no answer" : last.getClass().getSimpleName();
  }

  @Override
  public CompletableResultCode flush() {
    return next.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return next.shutdown();
  }
}
