package dev.berth.storage.memory;

import dev.berth.storage.StorageWriter;
import java.nio.ByteBuffer;

/// The only writer of one file.
final class MemoryWriter implements StorageWriter {
  private final MemoryDriver driver;
  private final MemoryFile content;
  private boolean open = true;

  MemoryWriter(MemoryDriver driver, MemoryFile content) {
    this.driver = driver;
    this.content = content;
  }

  @Override
  public long size() {
    return content.size();
  }

  @Override
  public void write(ByteBuffer source) {
    driver.write(content, source);
  }

  @Override
  public int read(ByteBuffer target, long position) {
    return content.read(target, position);
  }

  @Override
  public void truncate(long size) {
    if (size < 0 || size > content.size()) {
      throw new IllegalArgumentException("cannot cut " + content.size() + " bytes to " + size);
    }
    driver.truncate(content, size);
  }

  @Override
  public void sync() {}

  @Override
  public void close() {
    if (open) {
      open = false;
      driver.release(content);
    }
  }
}
