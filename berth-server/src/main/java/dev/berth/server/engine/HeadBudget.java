package dev.berth.server.engine;

import java.util.concurrent.atomic.AtomicLong;

/// Bytes of heads that have not come to their end, on all connections of one engine together. Many
/// connections that each stop in the middle of a large head must not use up the heap.
final class HeadBudget {
  private static final int SHARE = 16;

  private final AtomicLong kept = new AtomicLong();
  private final long most;

  /// May take a sixteenth of the heap.
  HeadBudget() {
    this(Runtime.getRuntime().maxMemory() / SHARE);
  }

  HeadBudget(long most) {
    this.most = most;
  }

  /// Counts bytes in, or out if negative.
  void add(long bytes) {
    kept.addAndGet(bytes);
  }

  /// Whether a connection that has a part of a head must be closed.
  boolean isSpent() {
    return kept.get() > most;
  }

  /// Bytes now.
  long kept() {
    return kept.get();
  }
}
