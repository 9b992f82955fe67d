package dev.berth.storage.filesystem;

import dev.berth.storage.StorageException;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/// A file open for reading.
record OpenFile(Disk disk, FileChannel channel, long size) implements StorageReader {
  /// First guess of a small file's size in bytes: links have 71, hash states 108.
  private static final int SMALL = 512;

  /// Empty where there is no such file; Linux would open a folder too.
  static Optional<OpenFile> open(Disk disk, Path path) throws IOException {
    BasicFileAttributes attributes = disk.stat(path);
    if (attributes == null || attributes.isDirectory()) {
      return Optional.empty();
    }
    FileChannel file;
    try {
      file = disk.openRead(path);
    } catch (NoSuchFileException removedMeanwhile) {
      return Optional.empty();
    }
    boolean kept = false;
    try {
      var open = new OpenFile(disk, file, file.size());
      kept = true;
      return Optional.of(open);
    } finally {
      if (!kept) {
        Quietly.close(file);
      }
    }
  }

  /// All of a small file, with the fewest system calls; an [IOException] where there is none. On
  /// Linux a read that gives fewer bytes of a file than there is room for has come to its end.
  static Optional<byte[]> readWhole(Disk disk, Path path, int limit) throws IOException {
    try (FileChannel file = disk.openRead(path)) {
      ByteBuffer first = ByteBuffer.allocate(SMALL);
      int length = Math.max(0, disk.read(file, first, 0));
      if (length < SMALL) {
        checkLimit(path, length, limit);
        return Optional.of(Arrays.copyOf(first.array(), length));
      }
      long size = file.size();
      checkLimit(path, size, limit);
      ByteBuffer all = ByteBuffer.allocate((int) size);
      int read = Slices.read(disk, file, all, 0);
      return Optional.of(read == size ? all.array() : Arrays.copyOf(all.array(), read));
    }
  }

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

  private static void checkLimit(Path path, long size, int limit) {
    if (size > limit) {
      throw new StorageException.Broken(
          "cannot read "
              + path
              + ": it has "
              + size
              + " bytes where at most "
              + limit
              + " are expected; somebody else wrote it",
          null);
    }
  }
}
