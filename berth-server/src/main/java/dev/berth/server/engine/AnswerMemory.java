package dev.berth.server.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The bytes of large answers, from before they are made until their clients have taken them: how
/// many there are at one time, and who waits until there is room for more. Safe for use by many
/// threads.
final class AnswerMemory {
  private final long most;
  private final int mostWaiting;
  private final Duration patience;
  private long used;
  private int waiting;

  /// @param most bytes; an answer that is larger than that passes alone
  /// @param mostWaiting threads that may wait at one time: they are missed elsewhere
  /// @param patience how long one waits
  AnswerMemory(long most, int mostWaiting, Duration patience) {
    this.most = most;
    this.mostWaiting = mostWaiting;
    this.patience = patience;
  }

  /// Takes room if there is some now. Never waits.
  synchronized boolean tryTake(long bytes) {
    if (used > 0 && used + bytes > most) {
      return false;
    }
    used += bytes;
    return true;
  }

  /// Takes room, waiting for it if need be.
  ///
  /// @return false if there was none in time, or too many others wait
  synchronized boolean take(long bytes) {
    if (tryTake(bytes)) {
      return true;
    }
    if (waiting >= mostWaiting) {
      return false;
    }
    waiting++;
    try {
      long end = System.nanoTime() + patience.toNanos();
      while (!tryTake(bytes)) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting--;
    }
  }

  synchronized void give(long bytes) {
    used -= bytes;
    if (bytes > 0 && waiting > 0) {
      notifyAll();
    }
  }

  /// Bytes now.
  synchronized long used() {
    return used;
  }
}
