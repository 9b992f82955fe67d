package dev.berth.storage.memory;

import dev.berth.storage.StorageReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// A file open for reading.
record MemoryReader(MemoryFile content, long size) implements StorageReader {
  @Override
  public int read(ByteBuffer target, long position) {
    return content.read(target, position);
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
