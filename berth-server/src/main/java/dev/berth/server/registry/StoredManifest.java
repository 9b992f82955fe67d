package dev.berth.server.registry;

import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a manifest's bytes say of it, and the bytes themselves where they are few. The others are
/// sent from their file, as blobs are.
///
/// @param size bytes in all
/// @param subject the manifest that it refers to
/// @param bytes as pushed, where somebody read them lately and there are at most [#MAX_BYTES_KEPT];
///   not copied, treat as read-only
public record StoredManifest(
    MediaType mediaType, long size, Optional<Digest> subject, byte @Nullable [] bytes) {
  /// Nearly every image and index is smaller.
  public static final int MAX_BYTES_KEPT = 64 << 10;

  static StoredManifest of(ParsedManifest parsed, byte[] bytes) {
    byte[] kept = bytes.length <= MAX_BYTES_KEPT ? bytes : null;
    return new StoredManifest(parsed.mediaType(), bytes.length, parsed.subject(), kept);
  }

  StoredManifest withoutBytes() {
    return bytes == null ? this : new StoredManifest(mediaType, size, subject, null);
  }
}
