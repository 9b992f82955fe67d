package dev.berth.server.registry;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Lets one thread at a time do something that takes long, and few wait for it: the others are
/// needed. Safe for use by many threads.
final class OneAtATime {
  private static final int MOST_WAITING = 8;
  private static final long PATIENCE_SECONDS = 10;

  private final Semaphore turn = new Semaphore(1, true);
  private final String refusal;

  /// @param refusal what is said to whoever does not come to their turn
  OneAtATime(String refusal) {
    this.refusal = refusal;
  }

  /// Waits for its turn and does the work.
  ///
  /// @throws RegistryException UNAVAILABLE, if too many wait or it takes too long
  <T> T alone(Supplier<T> work) {
    if (!begin()) {
      throw new RegistryException(ErrorCode.UNAVAILABLE, refusal);
    }
    try {
      return work.get();
    } finally {
      turn.release();
    }
  }

  /// Does the work if nobody else is at it; does not wait.
  <T> Optional<T> ifFree(Supplier<T> work) {
    if (!turn.tryAcquire()) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } finally {
      turn.release();
    }
  }

  private boolean begin() {
    try {
      return turn.getQueueLength() < MOST_WAITING
          && turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
