package dev.berth.server.load;

/// Counts one kind of request or operation. Safe for use by many threads.
final class Tally {
  private final LatencyHistogram histogram = new LatencyHistogram();
  private long count;
  private long failed;
  private long retried;
  private long bytes;

  synchronized void succeeded(long nanos, long moved) {
    histogram.add(nanos);
    count++;
    bytes += moved;
  }

  synchronized void failed() {
    failed++;
  }

  synchronized void retried() {
    retried++;
  }

  synchronized Figures figures() {
    return new Figures(count, failed, retried, bytes, histogram.latencies());
  }

  synchronized long count() {
    return count;
  }
}
