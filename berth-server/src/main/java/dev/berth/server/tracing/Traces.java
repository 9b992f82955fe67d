package dev.berth.server.tracing;

import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.http.Witness;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.watched.WatchedDriver;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Makes traces of what other parts do, from outside, and sends them to a collector in the
/// background. Spans wait in a queue with an end; those that find it full are lost. Nothing here
/// holds up a request or fails one, whatever the collector does.
public final class Traces implements AutoCloseable {
  private static final String SCOPE = "dev.berth.server";

  /// How long the last spans may take at the end.
  private static final Duration FLUSH = Duration.ofSeconds(2);

  /// Characters of a value. A path may be as long as a request's line.
  private static final int MOST_CHARACTERS = 1024;

  /// Calls of the store that are shorter than this are left out: they were answered by memory, and
  /// would fill the queue.
  private static final Duration LONG = Duration.ofMillis(1);

  /// Held here, for the JDK forgets the level of a logger that nobody holds.
  private final Logger foreign = Logger.getLogger("io.opentelemetry");

  private final SdkTracerProvider provider;
  private final Tracer tracer;

  /// @param processor gets the spans; closed here
  Traces(TraceSettings settings, SpanProcessor processor, Attributes process) {
    // What fails is told once, by ToldExporter; the library would tell it every minute.
    foreign.setLevel(Level.OFF);
    AttributesBuilder resource = process.toBuilder();
    settings.resource().forEach(resource::put);
    this.provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(resource.build())))
            .setSampler(sampler(settings.sampling()))
            .setSpanLimits(SpanLimits.builder().setMaxAttributeValueLength(MOST_CHARACTERS).build())
            .addSpanProcessor(processor)
            .build();
    this.tracer = provider.get(SCOPE);
  }

  /// Begins to send.
  ///
  /// @param instance tells this process from others
  public static Traces start(TraceSettings settings, String version, String instance) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setTimeout(settings.timeout())
            .setConnectTimeout(settings.timeout());
    settings.headers().forEach((name, value) -> exporter.addHeader(name, value.value()));
    if (settings.certificates().length > 0) {
      exporter.setTrustedCertificates(settings.certificates());
    }
    SpanProcessor processor =
        BatchSpanProcessor.builder(new ToldExporter(exporter.build(), settings.host()))
            .setScheduleDelay(settings.delay())
            .build();
    Attributes process =
        Attributes.builder()
            .put("service.version", version)
            .put("service.instance.id", instance)
            .build();
    return new Traces(settings, processor, process);
  }

  private static Sampler sampler(TraceSettings.Sampling sampling) {
    Sampler own = Sampler.traceIdRatioBased(sampling.ratio());
    return sampling.parentBased() ? Sampler.parentBased(own) : own;
  }

  Tracer tracer() {
    return tracer;
  }

  /// Makes a span of each request of the protocol.
  public HttpHandler around(HttpHandler handler, OciRoutes routes) {
    return new TracedHandler(handler, routes, tracer);
  }

  /// Makes a span of each call that takes long, or fails, below that of the request.
  public StorageDriver around(StorageDriver driver) {
    return new WatchedDriver(driver, new StorageTracer(tracer, LONG));
  }

  /// Adds to a request's span what the protocol knows of it.
  public Witness witness() {
    return new TraceWitness();
  }

  /// The trace that this thread works for; empty for none.
  public static String traceId() {
    SpanContext context = Span.current().getSpanContext();
    return context.isValid() ? context.getTraceId() : "";
  }

  /// Sends what waits, for two seconds at most.
  @Override
  public void close() {
    provider.shutdown().join(FLUSH.toMillis(), TimeUnit.MILLISECONDS);
  }
}
