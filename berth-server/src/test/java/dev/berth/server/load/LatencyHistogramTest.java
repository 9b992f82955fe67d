package dev.berth.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private static final double NANOS = 1e6;

  @Test
  void percentilesAreBesideTheTruthByLessThanOneInAHundred() {
    long seed = System.nanoTime();
    var random = new SplittableRandom(seed);
    var histogram = new LatencyHistogram();
    long[] all = new long[20_000];
    for (int i = 0; i < all.length; i++) {
      all[i] = (long) Math.exp(random.nextDouble(Math.log(10_000), Math.log(60e9)));
      histogram.add(all[i]);
    }
    Arrays.sort(all);

    Latencies shown = histogram.latencies();

    assertThat(shown.p50Millis()).as("seed %d", seed).isCloseTo(truth(all, 0.5), percent());
    assertThat(shown.p90Millis()).as("seed %d", seed).isCloseTo(truth(all, 0.9), percent());
    assertThat(shown.p99Millis()).as("seed %d", seed).isCloseTo(truth(all, 0.99), percent());
    assertThat(shown.maxMillis()).isEqualTo(all[all.length - 1] / NANOS);
  }

  private static double truth(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1] / NANOS;
  }

  private static Percentage percent() {
    return Percentage.withPercentage(0.4);
  }

  @Test
  void oneValueIsEveryPercentile() {
    var histogram = new LatencyHistogram();
    histogram.add(Duration.ofMillis(7).toNanos());

    assertThat(histogram.latencies().p50Millis()).isCloseTo(7, within(0.03));
    assertThat(histogram.latencies().p99Millis()).isCloseTo(7, within(0.03)).isLessThanOrEqualTo(7);
  }

  @Test
  void whatIsBeyondItsPlacesIsNotLost() {
    var histogram = new LatencyHistogram();
    histogram.add(Duration.ofDays(30).toNanos());
    histogram.add(-1);

    assertThat(histogram.latencies().maxMillis())
        .isEqualTo((double) Duration.ofDays(30).toMillis());
    assertThat(histogram.latencies().p50Millis()).isZero();
  }

  @Test
  void takingBeginsAnew() {
    var histogram = new LatencyHistogram();
    histogram.add(1_000_000);

    assertThat(histogram.take().maxMillis()).isEqualTo(1);
    assertThat(histogram.take()).isEqualTo(new Latencies(0, 0, 0, 0));
  }
}
