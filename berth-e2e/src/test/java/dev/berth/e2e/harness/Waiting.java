package dev.berth.e2e.harness;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Waits for something that another process does.
public final class Waiting {
  private Waiting() {}

  /// Returns as soon as `condition` holds.
  ///
  /// @throws AssertionError when it does not within `bound`
  public static void until(String what, Duration bound, BooleanSupplier condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + bound + ": " + what);
      }
      pause(Duration.ofMillis(20));
    }
  }

  public static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting", e);
    }
  }
}
