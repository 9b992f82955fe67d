package dev.berth.storage.filesystem;

import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// A file open for reading.
record OpenFile(Disk disk, FileChannel channel, long size) implements StorageReader {
  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return disk.read(channel, target, position);
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.of(channel);
  }

  @Override
  public void close() {
    Quietly.close(channel);
  }
}
