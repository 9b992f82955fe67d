package dev.berth.server.load;

import java.util.Arrays;

/// How long something took, in memory that does not grow: 128 places for each power of two, so that
/// a percentile is at most 0.4 % beside the truth. The maximum is exact. Safe for use by many
/// threads.
final class LatencyHistogram {
  private static final int PLACE_BITS = 7;
  private static final int PLACES = 1 << PLACE_BITS;

  /// Of the longest time with a place of its own: 39 hours, longer than any load.
  private static final int MOST_BITS = 47;

  private final long[] counts = new long[(MOST_BITS - PLACE_BITS + 1) * PLACES];
  private long count;
  private long mostNanos;

  synchronized void add(long nanos) {
    counts[place(Math.max(0, nanos))]++;
    count++;
    mostNanos = Math.max(mostNanos, nanos);
  }

  /// What was added, or since the last [#take].
  synchronized Latencies latencies() {
    return new Latencies(millis(0.5), millis(0.9), millis(0.99), Latencies.millis(mostNanos));
  }

  /// What was added since the last call.
  synchronized Latencies take() {
    Latencies taken = latencies();
    if (count > 0) {
      Arrays.fill(counts, 0);
      count = 0;
      mostNanos = 0;
    }
    return taken;
  }

  private double millis(double share) {
    long rank = (long) Math.ceil(share * count);
    long seen = 0;
    for (int place = 0; place < counts.length && rank > 0; place++) {
      seen += counts[place];
      if (seen >= rank) {
        return Latencies.millis(Math.min(middle(place), mostNanos));
      }
    }
    return 0;
  }

  private static int place(long nanos) {
    long value = Math.min(nanos, (1L << MOST_BITS) - 1);
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - 1 - PLACE_BITS);
    return shift * PLACES + (int) (value >>> shift);
  }

  private static long middle(int place) {
    int shift = Math.max(0, place / PLACES - 1);
    long lowest = (long) (place - shift * PLACES) << shift;
    return lowest + ((1L << shift) >> 1);
  }
}
