package dev.berth.storage.faults;

import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A writer that fails now and then. After a failed sync nothing can be written or synced any more,
/// as with a real one.
final class FaultyWriter implements StorageWriter {
  private final StorageWriter writer;
  private final StoragePath path;
  private final Faults faults;
  private final FaultyDriver driver;
  private boolean broken;

  FaultyWriter(StorageWriter writer, StoragePath path, Faults faults, FaultyDriver driver) {
    this.writer = writer;
    this.path = path;
    this.faults = faults;
    this.driver = driver;
  }

  @Override
  public long size() {
    return writer.size();
  }

  @Override
  public void write(ByteBuffer source) {
    checkUsable();
    Optional<Fault> fault = faults.next(Operation.WRITE);
    if (fault.isEmpty()) {
      writer.write(source);
      return;
    }
    if (fault.get() == Fault.SHORT_WRITE) {
      writeSome(source);
    }
    throw fault.get() == Fault.IO_ERROR
        ? new StorageException.Broken(text(), new IOException("Input/output error"))
        : new StorageException.OutOfSpace(text(), new IOException("No space left on device"));
  }

  private void writeSome(ByteBuffer source) {
    int some = faults.some(Math.max(0, source.remaining() - 1));
    int limit = source.limit();
    writer.write(source.limit(source.position() + some));
    source.limit(limit);
  }

  @Override
  public int read(ByteBuffer target, long position) {
    return driver.call(Operation.READ_BACK, path, () -> writer.read(target, position));
  }

  @Override
  public void truncate(long size) {
    driver.run(Operation.TRUNCATE, path, () -> writer.truncate(size));
  }

  @Override
  public void sync() {
    checkUsable();
    if (faults.next(Operation.SYNC_WRITER).isPresent()) {
      broken = true;
      throw new StorageException.Broken(text(), new IOException("sync failed"));
    }
    writer.sync();
  }

  @Override
  public void close() {
    writer.close();
  }

  private void checkUsable() {
    if (broken) {
      throw new StorageException.Broken(text() + ": an earlier sync failed", null);
    }
  }

  private String text() {
    return "planted: writing " + path + ", " + faults;
  }
}
