package dev.berth.storage.faults;

import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// An open file whose reads fail now and then. Hides the operating system's file, which would not.
record FaultyReader(StorageReader reader, StoragePath path, FaultyDriver driver)
    implements StorageReader {
  @Override
  public long size() {
    return reader.size();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    try {
      driver.run(Operation.READ_OPEN, path, () -> {});
    } catch (StorageException planted) {
      throw new IOException(planted);
    }
    return reader.read(target, position);
  }

  @Override
  public Optional<FileChannel> file() {
    return Optional.empty();
  }

  @Override
  public void close() {
    reader.close();
  }
}
