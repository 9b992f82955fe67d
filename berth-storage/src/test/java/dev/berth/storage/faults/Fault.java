package dev.berth.storage.faults;

/// What a device can do to a call.
public enum Fault {
  /// Nothing happens but [dev.berth.storage.StorageException.Broken].
  IO_ERROR,
  /// Nothing happens but [dev.berth.storage.StorageException.OutOfSpace].
  NO_SPACE,
  /// Some of the bytes are written, then [dev.berth.storage.StorageException.OutOfSpace].
  SHORT_WRITE,
  /// The change is made and seen by all, then [dev.berth.storage.StorageException.Broken]: it may
  /// not last.
  FAILED_SYNC
}
