package dev.berth.server.load;

import java.io.InputStream;
import java.util.SplittableRandom;

/// Bytes that cannot be compressed, the same for the same seed, made as they are read.
final class RandomBytes extends InputStream {
  private static final int BUFFER_BYTES = 4096;

  private final SplittableRandom random;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long left;
  private int at = BUFFER_BYTES;

  /// @param length how many there are
  RandomBytes(long seed, long length) {
    this.random = new SplittableRandom(seed);
    this.left = length;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    if (at == BUFFER_BYTES) {
      random.nextBytes(buffer);
      at = 0;
    }
    int count = (int) Math.min(Math.min(length, BUFFER_BYTES - at), left);
    System.arraycopy(buffer, at, into, offset, count);
    at += count;
    left -= count;
    return count;
  }
}
