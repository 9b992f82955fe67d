package dev.berth.server.engine;

import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicLong;

/// Bytes that all connections of one engine hold for one purpose, together, and how many they may.
/// Nothing stops at the bound by itself: whoever adds asks, and does what hurts least. Safe for use
/// by many threads.
final class MemoryBudget {
  private final AtomicLong used = new AtomicLong();
  private final long most;

  MemoryBudget(long most) {
    this.most = most;
  }

  /// A part of the heap, one in `share`.
  static MemoryBudget ofHeap(int share) {
    return new MemoryBudget(Runtime.getRuntime().maxMemory() / share);
  }

  /// A part of the memory outside the heap (`-XX:MaxDirectMemorySize`), one in `share`.
  static MemoryBudget ofDirectMemory(int share) {
    return new MemoryBudget(PlatformDependent.maxDirectMemory() / share);
  }

  /// Counts bytes in, or out if negative.
  void add(long bytes) {
    used.addAndGet(bytes);
  }

  boolean isSpent() {
    return used.get() > most;
  }

  /// Bytes now.
  long used() {
    return used.get();
  }
}
