package dev.berth.storage.memory;

import dev.berth.storage.StorageReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// Content open for reading.
record MemoryReader(Content content, long size) implements StorageReader {
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
