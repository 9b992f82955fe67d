package dev.berth.oci;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/// The open content of a blob. Must be closed. Stays readable while open even if the blob is
/// deleted.
public interface BlobContent extends AutoCloseable {
  /// Bytes in all.
  long size();

  /// Reads up to `target.remaining()` bytes from `position` and gives how many; -1 at the end.
  int read(ByteBuffer target, long position) throws IOException;

  /// The file behind it, where there is one, for zero-copy sending; closed by [#close].
  Optional<FileChannel> file();

  /// All of it, where it is in memory anyway; not copied: treat as read-only.
  default Optional<byte[]> bytes() {
    return Optional.empty();
  }

  @Override
  void close();

  /// Content in memory.
  static BlobContent of(byte[] bytes) {
    return new InMemory(bytes);
  }
}
