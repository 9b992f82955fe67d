package dev.berth.server.tracing;

import dev.berth.storage.StorageWriter;
import java.nio.ByteBuffer;

/// Makes a span of it where another writer takes long to make bytes durable.
final class TracedWriter implements StorageWriter {
  private final StorageWriter writer;
  private final TracedDriver driver;

  TracedWriter(StorageWriter writer, TracedDriver driver) {
    this.writer = writer;
    this.driver = driver;
  }

  @Override
  public long size() {
    return writer.size();
  }

  @Override
  public void write(ByteBuffer source) {
    writer.write(source);
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
