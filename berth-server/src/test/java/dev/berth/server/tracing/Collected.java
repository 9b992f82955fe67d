package dev.berth.server.tracing;

import dev.berth.config.Secret;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Spans that were made, in memory.
final class Collected implements SpanExporter {
  private final List<SpanData> spans = new CopyOnWriteArrayList<>();

  Traces traces(TraceSettings.Sampling sampling) {
    var settings =
        new TraceSettings(
            URI.create("http://127.0.0.1:1/v1/traces"),
            Map.of("x", new Secret("y")),
            Map.of("service.name", "s"),
            sampling,
            new byte[0],
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    return new Traces(settings, SimpleSpanProcessor.create(this), Attributes.empty());
  }

  Traces traces() {
    return traces(new TraceSettings.Sampling(true, 1));
  }

  List<SpanData> spans() {
    return List.copyOf(spans);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> more) {
    spans.addAll(more);
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }
}
