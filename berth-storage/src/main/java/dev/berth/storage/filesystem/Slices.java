package dev.berth.storage.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Reads and writes heap memory in pieces: the JDK keeps, for each thread, a native buffer as large
/// as the largest piece of heap memory that the thread has ever handed to a file.
final class Slices {
  /// Bytes; no fewer system calls are worth having above this.
  private static final int MOST = 256 * 1024;

  private Slices() {}

  /// Writes some of `source` at `position`, at least one byte, and gives how many.
  static int write(Disk disk, FileChannel file, ByteBuffer source, long position)
      throws IOException {
    int limit = source.limit();
    try {
      if (!source.isDirect() && source.remaining() > MOST) {
        source.limit(source.position() + MOST);
      }
      int written = disk.write(file, source, position);
      if (written <= 0) {
        throw new IOException("the device took no bytes");
      }
      return written;
    } finally {
      source.limit(limit);
    }
  }

  static void writeAll(Disk disk, FileChannel file, byte[] content) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(content);
    while (source.hasRemaining()) {
      write(disk, file, source, source.position());
    }
  }

  /// Fills `target` from `position` as far as the file goes, and gives how many bytes.
  static int read(Disk disk, FileChannel file, ByteBuffer target, long position)
      throws IOException {
    int end = target.limit();
    int start = target.position();
    while (target.position() < end) {
      target.limit(Math.min(end, target.position() + MOST));
      int read = disk.read(file, target, position + target.position() - start);
      target.limit(end);
      if (read < 0) {
        break;
      }
    }
    return target.position() - start;
  }
}
