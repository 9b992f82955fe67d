package dev.berth.server.auth;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lets few in at a time, has few wait for a short while, and turns the others away. Safe for use
/// by many threads.
public final class Gate {
  private static final int MOST_WAITING = 16;

  private final int most;
  private final Semaphore free;
  private final Duration patience;

  /// @param most how many are in at one time
  /// @param patience how long one waits at most
  public Gate(int most, Duration patience) {
    this.most = most;
    this.free = new Semaphore(most, true);
    this.patience = patience;
  }

  /// What the work gave; empty where there was no room for it.
  public <T> Optional<T> through(Supplier<T> work) {
    if (!enter()) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } finally {
      free.release();
    }
  }

  /// Those that are in.
  public int busy() {
    return most - free.availablePermits();
  }

  /// Those that wait.
  public int waiting() {
    return free.getQueueLength();
  }

  /// For tests: lets nobody in any more.
  void shut() {
    free.drainPermits();
  }

  private boolean enter() {
    try {
      return free.getQueueLength() < MOST_WAITING
          && free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
