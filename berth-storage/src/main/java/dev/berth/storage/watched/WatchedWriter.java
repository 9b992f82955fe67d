package dev.berth.storage.watched;

import dev.berth.storage.StorageException;
import dev.berth.storage.StorageWriter;
import java.nio.ByteBuffer;

/// A writer of a [WatchedDriver]: its watcher sees how bytes are made durable, and writes that
/// fail.
final class WatchedWriter implements StorageWriter {
  private final StorageWriter writer;
  private final WatchedDriver driver;

  WatchedWriter(StorageWriter writer, WatchedDriver driver) {
    this.writer = writer;
    this.driver = driver;
  }

  @Override
  public long size() {
    return writer.size();
  }

  @Override
  public void write(ByteBuffer source) {
    try {
      writer.write(source);
    } catch (StorageException e) {
      driver.writeFailed();
      throw e;
    }
  }

  @Override
  public int read(ByteBuffer target, long position) {
    return writer.read(target, position);
  }

  @Override
  public void truncate(long size) {
    writer.truncate(size);
  }

  @Override
  public void sync() {
    driver.sync(writer);
  }

  @Override
  public void close() {
    writer.close();
  }
}
