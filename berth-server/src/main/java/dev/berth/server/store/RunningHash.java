package dev.berth.server.store;

import dev.berth.oci.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// The hash of an upload while its bytes pass. Not for use by several threads.
final class RunningHash {
  private final MessageDigest digest;

  RunningHash(MessageDigest digest) {
    this.digest = digest;
  }

  /// Adds the remaining bytes of `source` without moving its position.
  void update(ByteBuffer source) {
    if (source.hasArray()) {
      digest.update(source.array(), source.arrayOffset() + source.position(), source.remaining());
      return;
    }
    byte[] copy = Pieces.take();
    ByteBuffer view = source.duplicate();
    while (view.hasRemaining()) {
      int length = Math.min(view.remaining(), copy.length);
      view.get(copy, 0, length);
      digest.update(copy, 0, length);
    }
    Pieces.give(copy);
  }

  MessageDigest state() {
    return digest;
  }

  /// Ends the hash.
  Digest finish(Digest.Algorithm algorithm) {
    return Digest.of(algorithm, digest.digest());
  }
}
