package dev.berth.server.store;

import dev.berth.oci.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// The hash of an upload while its bytes pass. Not for use by several threads.
final class RunningHash {
  /// Copying a direct buffer in pieces of this size is faster than
  /// `MessageDigest.update(ByteBuffer)`, which copies in pieces of 4 KiB.
  private static final int PIECE = 64 * 1024;

  private final MessageDigest digest;
  private byte @Nullable [] piece;

  RunningHash(MessageDigest digest) {
    this.digest = digest;
  }

  /// Adds the remaining bytes of `source` without moving its position.
  void update(ByteBuffer source) {
    if (source.hasArray()) {
      digest.update(source.array(), source.arrayOffset() + source.position(), source.remaining());
      return;
    }
    byte[] copy = piece(source.remaining());
    ByteBuffer view = source.duplicate();
    while (view.hasRemaining()) {
      int length = Math.min(view.remaining(), copy.length);
      view.get(copy, 0, length);
      digest.update(copy, 0, length);
    }
  }

  MessageDigest state() {
    return digest;
  }

  /// Ends the hash.
  Digest finish(Digest.Algorithm algorithm) {
    return Digest.of(algorithm, digest.digest());
  }

  private byte[] piece(int wanted) {
    byte[] present = piece;
    if (present == null || (present.length < PIECE && present.length < wanted)) {
      present = new byte[Math.min(PIECE, Math.max(wanted, Short.SIZE))];
      piece = present;
    }
    return present;
  }
}
