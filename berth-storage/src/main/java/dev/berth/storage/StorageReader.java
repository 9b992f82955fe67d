package dev.berth.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// An open file. Must be closed. Stays readable while open even if the file is deleted or replaced.
public interface StorageReader extends AutoCloseable {
  /// Bytes when it was opened.
  long size();

  /// Reads up to `target.remaining()` bytes from `position`, gives how many, -1 at the end.
  int read(ByteBuffer target, long position) throws IOException;

  /// The operating system's file, where there is one, for zero-copy sending. Closed by [#close].
  Optional<FileChannel> file();

  @Override
  void close();
}
