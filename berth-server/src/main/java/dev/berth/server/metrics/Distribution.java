package dev.berth.server.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.LongAdder;

/// How values are spread. Counting one takes two additions that hardly ever meet another thread's:
/// a third of what the library's own histogram takes, which does more. Safe for use by many
/// threads.
final class Distribution {
  private final Scale scale;
  private final LongAdder[] counts;
  private final LongAdder sum = new LongAdder();

  Distribution(Scale scale) {
    this.scale = scale;
    this.counts = new LongAdder[scale.size() + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /// Counts a value, in nanoseconds or bytes.
  void add(long value) {
    counts[scale.place(value)].increment();
    sum.add(value);
  }

  /// The time since [System#nanoTime] was `start`.
  void since(long start) {
    add(System.nanoTime() - start);
  }

  HistogramDataPointSnapshot snapshot(Labels labels) {
    long[] now = new long[counts.length];
    for (int i = 0; i < now.length; i++) {
      now[i] = counts[i].sum();
    }
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(ClassicHistogramBuckets.of(scale.bounds(), now))
        .sum(scale.show(sum.sum()))
        .labels(labels)
        .build();
  }
}
