package dev.berth.server.engine;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/// Bytes of bodies that wait in all queues of one engine together. When they take a third of the
/// direct memory that the process may have (`-XX:MaxDirectMemorySize`), each queue holds less: many
/// slow stores at once must not use up what the sockets need.
final class BodyBudget {
  private static final int SHARE = 3;

  private final AtomicLong waiting = new AtomicLong();
  private final long most;

  BodyBudget() {
    this(PlatformDependent.maxDirectMemory() / SHARE);
  }

  BodyBudget(long most) {
    this.most = most;
  }

  /// Counts bytes in, or out if negative.
  void add(long bytes) {
    waiting.addAndGet(bytes);
  }

  boolean isTight() {
    return waiting.get() > most;
  }

  /// Bytes in all queues now.
  long waiting() {
    return waiting.get();
  }
}
