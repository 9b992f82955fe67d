package dev.berth.storage.memory;

import dev.berth.storage.Space;
import dev.berth.storage.StorageException;

/// Counts bytes against a limit. Not for use by several threads at once.
final class Allowance {
  private final long capacity;
  private long used;

  Allowance(long capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("a store cannot hold " + capacity + " bytes");
    }
    this.capacity = capacity;
  }

  /// @throws StorageException.OutOfSpace nothing was taken
  void take(long bytes) {
    if (bytes > capacity - used) {
      throw new StorageException.OutOfSpace(
          "cannot write "
              + bytes
              + " bytes to memory: "
              + used
              + " of "
              + capacity
              + " are used; delete images or raise the limit",
          null);
    }
    used += bytes;
  }

  void give(long bytes) {
    used -= bytes;
  }

  Space space() {
    return new Space(capacity, capacity - used);
  }
}
