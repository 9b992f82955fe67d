package dev.berth.server.store;

import dev.berth.storage.FileInfo;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// What one endpoint never got, as lines in two files: the newer is renamed to the older when it is
/// half of what may be kept. All processes on the store share them.
public final class DeadLetters {
  private final StorageDriver driver;
  private final String queue;
  private final long bytes;

  DeadLetters(StorageDriver driver, String queue, long bytes) {
    this.driver = driver;
    this.queue = queue;
    this.bytes = bytes;
  }

  /// Keeps records, durably; those that are longer than half of all are not kept.
  public void add(List<byte[]> records) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (byte[] record : records) {
      if (record.length < bytes / 2) {
        lines.writeBytes(record);
        lines.write('\n');
      }
      if (lines.size() > bytes / 2) {
        append(lines);
      }
    }
    append(lines);
  }

  private void append(ByteArrayOutputStream lines) {
    if (lines.size() == 0) {
      return;
    }
    StoragePath path = StoreLayout.deadLetters(queue);
    try (StorageDriver.Lock _ = driver.lock(path)) {
      long size = driver.stat(path).map(FileInfo::size).orElse(0L);
      if (size > 0 && size + lines.size() > bytes / 2) {
        driver.move(path, StoreLayout.olderDeadLetters(queue));
      }
      driver.create(path, new byte[0]);
      if (!(driver.append(path) instanceof Appending.Open(StorageWriter writer))) {
        throw new StorageException.Unavailable("cannot append to " + path, null);
      }
      try (writer) {
        writer.write(ByteBuffer.wrap(lines.toByteArray()));
        writer.sync();
      }
    }
    lines.reset();
  }
}
