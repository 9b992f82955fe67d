package dev.berth.server.store;

import java.util.concurrent.ArrayBlockingQueue;

/// Arrays through which bytes pass on their way to a hash, used again and again: the collector
/// would take those of many slow uploads for long-lived objects, and the heap fill up with what is
/// not used any more. Safe for use by many threads.
final class Pieces {
  /// Copying a direct buffer in pieces of this size is faster than
  /// `MessageDigest.update(ByteBuffer)`, which copies in pieces of 4 KiB. No larger: the JDK keeps
  /// a native buffer of this size for every thread that ever read so much at once.
  static final int BYTES = 64 * 1024;

  /// About as many as requests write at once by default.
  private static final int MOST_KEPT = 128;

  private static final ArrayBlockingQueue<byte[]> KEPT = new ArrayBlockingQueue<>(MOST_KEPT);

  private Pieces() {}

  /// An array of [#BYTES], with whatever is in it.
  static byte[] take() {
    byte[] kept = KEPT.poll();
    return kept == null ? new byte[BYTES] : kept;
  }

  /// Gives an array back that nobody uses any more. One that is not given back is only garbage.
  static void give(byte[] piece) {
    boolean _ = KEPT.offer(piece);
  }
}
