package dev.berth.storage.filesystem;

import dev.berth.storage.StorageException;
import dev.berth.storage.StorageWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// A file open for appending, with the lock that makes this its only writer.
final class AppendingFile implements StorageWriter {
  private final Disk disk;
  private final Durability durability;
  private final Path path;
  private final FileChannel file;
  private final Locks.Lock lock;
  private long size;
  private boolean broken;

  private AppendingFile(
      Disk disk, Durability durability, Path path, FileChannel file, Locks.Lock lock, long size) {
    this.disk = disk;
    this.durability = durability;
    this.path = path;
    this.file = file;
    this.lock = lock;
    this.size = size;
  }

  /// Opens an existing file; an [IOException] where there is none, and then the lock is not closed.
  static AppendingFile open(Disk disk, Durability durability, Path path, Locks.Lock lock)
      throws IOException {
    FileChannel file = disk.openReadWrite(path);
    boolean kept = false;
    try {
      var writer = new AppendingFile(disk, durability, path, file, lock, file.size());
      kept = true;
      return writer;
    } finally {
      if (!kept) {
        Quietly.close(file);
      }
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void write(ByteBuffer source) {
    checkUsable();
    try {
      while (source.hasRemaining()) {
        size += Slices.write(disk, file, source, size);
      }
    } catch (IOException e) {
      cutOffTheRest();
      throw Failure.of("write", path, e);
    }
  }

  @Override
  public int read(ByteBuffer target, long position) {
    try {
      return disk.read(file, target, position);
    } catch (IOException e) {
      throw Failure.of("read", path, e);
    }
  }

  @Override
  public void truncate(long newSize) {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("cannot cut " + size + " bytes to " + newSize);
    }
    try {
      disk.truncate(file, newSize);
      size = newSize;
    } catch (IOException e) {
      throw Failure.of("truncate", path, e);
    }
  }

  @Override
  public void sync() {
    checkUsable();
    // Stays set when the sync fails: a second one would report success for bytes that are lost.
    broken = true;
    try {
      durability.syncFile(file, path);
      broken = false;
    } catch (IOException e) {
      throw Failure.of("sync", path, e);
    }
  }

  @Override
  public void close() {
    Quietly.close(file);
    lock.close();
  }

  private void checkUsable() {
    if (broken) {
      throw new StorageException.Broken(
          "cannot write " + path + ": an earlier sync of it failed; begin the file anew", null);
    }
  }

  private void cutOffTheRest() {
    try {
      disk.truncate(file, size);
    } catch (IOException e) {
      // The size told is right all the same: the next write overwrites what is behind it.
    }
  }
}
