package dev.berth.server.load;

/// Percentiles of how long something took; all 0 where it never happened.
record Latencies(double p50Millis, double p90Millis, double p99Millis, double maxMillis) {
  private static final double NANOS = 1e6;

  static double millis(long nanos) {
    return nanos / NANOS;
  }
}
