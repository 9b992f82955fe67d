package dev.berth.server.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A metric with one [Distribution] for each set of labels. Safe for use by many threads.
final class Histogram implements Collector {
  private final MetricMetadata metadata;
  private final Scale scale;
  private final String[] names;
  private final Map<Labels, Distribution> series = new ConcurrentHashMap<>();

  Histogram(String name, String help, Scale scale, String... labels) {
    this.metadata = new MetricMetadata(name, help);
    this.scale = scale;
    this.names = labels.clone();
  }

  /// That of these labels, which shows from now on. To be kept: finding it takes its time.
  Distribution of(String... values) {
    return series.computeIfAbsent(Labels.of(names, values), _ -> new Distribution(scale));
  }

  @Override
  public MetricSnapshot collect() {
    List<HistogramDataPointSnapshot> points =
        series.entrySet().stream().map(each -> each.getValue().snapshot(each.getKey())).toList();
    return new HistogramSnapshot(metadata, points);
  }
}
