package dev.berth.server.load;

import java.time.Duration;

/// How long something that fails is tried again, with pauses from 100 ms that double up to 2 s. For
/// one thread.
final class Patience {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final Duration most;
  private Duration pause = FIRST_PAUSE;
  private long firstFailureNanos;
  private boolean failed;

  /// @param most from the first failure on; zero for no second attempt
  Patience(Duration most) {
    this.most = most;
  }

  /// Whether to try again after the failure that just was.
  boolean lasts() {
    if (!failed) {
      failed = true;
      firstFailureNanos = System.nanoTime();
    }
    return System.nanoTime() - firstFailureNanos < most.toNanos();
  }

  /// The pause before the next attempt; longer each time.
  Duration next() {
    Duration now = pause;
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return now;
  }
}
