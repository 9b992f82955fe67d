package dev.berth.server.registry;

import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/// An open file of the store, read from its begin to its end. Not for use by several threads.
final class StorageInput extends InputStream {
  private final StorageReader reader;
  private long position;

  /// @param reader closed with this
  StorageInput(StorageReader reader) {
    this.reader = reader;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    int count = reader.read(ByteBuffer.wrap(target, offset, length), position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public void close() {
    reader.close();
  }
}
