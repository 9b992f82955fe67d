package dev.berth.server.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/// All metrics of one server. Gauges and counters are read when somebody scrapes: what they read
/// must be in memory. No label may hold what a client chose.
public final class Metrics {
  /// Of what [#text] gives.
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /// Numbers of buckets, as the library writes them.
  private static final Pattern BOUND = Pattern.compile("(?<=le=\")[0-9.E+-]+(?=\")");

  private final PrometheusRegistry registry = new PrometheusRegistry();

  /// Apart, since the library holds every registry of this kind for ever, and all that it shows.
  private final PrometheusRegistry process = new PrometheusRegistry();

  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  /// Takes the values of one metric, one for each set of labels.
  @FunctionalInterface
  public interface Sink {
    void value(double value, String... labels);

    default void value(long value, String... labels) {
      value((double) value, labels);
    }
  }

  /// With what the JDK tells of itself, and the process.
  public Metrics() {
    JvmMetrics.builder().register(process);
    gauge(
        "process_virtual_memory_max_bytes",
        "Maximum amount of virtual memory available in bytes.",
        () -> ProcessLimits.addressSpace());
  }

  /// One value that goes up and down.
  public void gauge(String name, String help, DoubleSupplier value) {
    gauge(name, help, List.of(), sink -> sink.value(value.getAsDouble()));
  }

  /// Values that go up and down.
  public void gauge(String name, String help, List<String> labels, Consumer<Sink> values) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels.toArray(String[]::new))
        .callback(callback -> values.accept(callback::call))
        .register(registry);
  }

  /// One value that only grows.
  ///
  /// @param name without its `_total`
  public void counter(String name, String help, DoubleSupplier value) {
    counter(name, help, List.of(), sink -> sink.value(value.getAsDouble()));
  }

  /// Values that only grow.
  ///
  /// @param name without its `_total`
  public void counter(String name, String help, List<String> labels, Consumer<Sink> values) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(labels.toArray(String[]::new))
        .callback(callback -> values.accept(callback::call))
        .register(registry);
  }

  Histogram histogram(String name, String help, Scale scale, String... labels) {
    var histogram = new Histogram(name, help, scale, labels);
    registry.register(histogram);
    return histogram;
  }

  /// All of it as Prometheus reads it. Bounds of buckets are written as Go writes them: they are
  /// labels, and other text makes other series than those of registry 2.8.2.
  byte[] text() {
    var out = new ByteArrayOutputStream();
    try {
      writer.write(out, registry.scrape());
      writer.write(out, process.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    return BOUND
        .matcher(text)
        .replaceAll(bound -> GoNumber.of(Double.parseDouble(bound.group())))
        .getBytes(StandardCharsets.UTF_8);
  }
}
