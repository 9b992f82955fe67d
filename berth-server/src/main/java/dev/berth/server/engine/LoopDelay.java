package dev.berth.server.engine;

import java.time.Duration;
import java.util.concurrent.Executor;

/// How late one event loop comes to what is given to it: late means that every connection it has
/// waits. Measured by a task that does nothing. Safe for use by many threads.
final class LoopDelay {
  private static final long NONE = Long.MIN_VALUE;

  private final Executor loop;
  private long askedNanos = NONE;
  private long lastNanos;

  LoopDelay(Executor loop) {
    this.loop = loop;
  }

  /// How long the last task waited, or waits by now; then asks anew.
  synchronized Duration look() {
    long now = System.nanoTime();
    if (askedNanos != NONE) {
      return Duration.ofNanos(Math.max(lastNanos, now - askedNanos));
    }
    askedNanos = now;
    loop.execute(this::answered);
    return Duration.ofNanos(lastNanos);
  }

  private synchronized void answered() {
    lastNanos = System.nanoTime() - askedNanos;
    askedNanos = NONE;
  }
}
