package dev.berth.storage;

import java.nio.ByteBuffer;

/// The only writer of a file, appending. One thread at a time. Must be closed; close gives the file
/// free for the next writer and promises nothing else.
public interface StorageWriter extends AutoCloseable {
  /// Bytes in the file now.
  long size();

  /// Appends all remaining bytes of `source`.
  ///
  /// @throws StorageException bytes may have been written in part; [#size] tells how many, the rest
  ///   is cut off
  void write(ByteBuffer source);

  /// Reads bytes already in the file: up to `target.remaining()` from `position`; -1 at the end.
  int read(ByteBuffer target, long position);

  /// Cuts the file to `size` bytes, no more than it has.
  void truncate(long size);

  /// When this returns, all bytes written survive loss of power. The file's name is as durable as
  /// it was when the writer was opened.
  ///
  /// @throws StorageException the bytes must be taken for lost; trying again is no use
  void sync();

  @Override
  void close();
}
