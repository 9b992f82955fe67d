package dev.berth.server.metrics;

import dev.berth.storage.StorageException;
import dev.berth.storage.StorageWriter;
import java.nio.ByteBuffer;

/// Times how long another writer takes to make bytes durable.
final class MeteredWriter implements StorageWriter {
  private final StorageWriter writer;
  private final MeteredDriver driver;

  MeteredWriter(StorageWriter writer, MeteredDriver driver) {
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
      driver.failed();
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
