package dev.berth.server.load;

import dev.berth.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;

/// Takes the body of an answer as it comes: hashes all of it and keeps the beginning.
final class ReadBody implements Consumer<Optional<byte[]>> {
  /// The largest manifest that registries take by default.
  private static final int MOST_KEPT = 4 << 20;

  private final MessageDigest sha = FreshBlob.sha256();
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final boolean keeps;
  private long bytes;

  /// @param keeps whether the beginning is kept
  ReadBody(boolean keeps) {
    this.keeps = keeps;
  }

  @Override
  public void accept(Optional<byte[]> piece) {
    if (piece.isPresent()) {
      byte[] part = piece.get();
      sha.update(part);
      bytes += part.length;
      if (keeps && kept.size() < MOST_KEPT) {
        kept.write(part, 0, Math.min(part.length, MOST_KEPT - kept.size()));
      }
    }
  }

  byte[] beginning() {
    return kept.toByteArray();
  }

  long bytes() {
    return bytes;
  }

  /// To be called once.
  Digest digest() {
    return FreshBlob.digest(sha);
  }
}
