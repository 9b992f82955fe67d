package dev.berth.server.store;

import dev.berth.oci.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Hashes bytes in memory.
public final class Digests {
  private Digests() {}

  /// The digest of all these bytes.
  public static Digest of(Digest.Algorithm algorithm, byte[] bytes) {
    return Digest.of(algorithm, newDigest(algorithm).digest(bytes));
  }

  static MessageDigest newDigest(Digest.Algorithm algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.jcaName());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm.jcaName(), e);
    }
  }
}
