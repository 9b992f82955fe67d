package dev.berth.server.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Whether the process was told to stop, and pauses that end then.
final class Stop {
  private final CountDownLatch latch = new CountDownLatch(1);

  void ask() {
    latch.countDown();
  }

  boolean isAsked() {
    return latch.getCount() == 0;
  }

  /// Waits for a time, or until a stop is asked for.
  ///
  /// @return whether it was
  boolean await(Duration time) throws InterruptedException {
    return latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
