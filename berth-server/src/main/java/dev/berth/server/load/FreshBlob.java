package dev.berth.server.load;

import dev.berth.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// A blob to push. Its body can be sent as often as needed.
///
/// @param size of the body in bytes, at least 1
record FreshBlob(Digest digest, long size, BodyPublisher body) {
  private static final int BUFFER_BYTES = 8192;

  static FreshBlob of(byte[] bytes) {
    MessageDigest sha = sha256();
    sha.update(bytes);
    return new FreshBlob(digest(sha), bytes.length, BodyPublishers.ofByteArray(bytes));
  }

  /// Random bytes, which are made once to know their digest, and again each time they are sent.
  static FreshBlob random(long seed, long size) {
    MessageDigest sha = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream bytes = new RandomBytes(seed, size)) {
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        sha.update(buffer, 0, count);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    BodyPublisher body = BodyPublishers.ofInputStream(() -> new RandomBytes(seed, size));
    return new FreshBlob(digest(sha), size, BodyPublishers.fromPublisher(body, size));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance(Digest.Algorithm.SHA256.jcaName());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static Digest digest(MessageDigest sha) {
    return Digest.of(Digest.Algorithm.SHA256, sha.digest());
  }
}
