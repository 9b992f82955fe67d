package dev.berth.server.registry;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import dev.berth.server.store.Digests;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a manifest's bytes say of it, and the bytes themselves where they are few. The others are
/// sent from their file, as blobs are.
///
/// @param size bytes in all
/// @param subject the manifest that it refers to
/// @param bytes as pushed, where somebody read them lately and there are at most [#MAX_BYTES_KEPT];
///   not copied, treat as read-only
/// @param listed how a list of referrers shows it, where somebody listed it lately and it is short
/// @param version of the file in which these bytes were seen whole; null where the store tells none
public record StoredManifest(
    MediaType mediaType,
    long size,
    Optional<Digest> subject,
    byte @Nullable [] bytes,
    @Nullable Descriptor listed,
    @Nullable Object version) {
  /// Nearly every image and index is smaller.
  public static final int MAX_BYTES_KEPT = 64 << 10;

  private static final int MAX_LISTED_KEPT = 2048;

  /// Of a string in memory.
  private static final int TEXT_OVERHEAD = 56;

  static StoredManifest of(ParsedManifest parsed, byte[] bytes) {
    byte[] kept = bytes.length <= MAX_BYTES_KEPT ? bytes : null;
    return new StoredManifest(parsed.mediaType(), bytes.length, parsed.subject(), kept, null, null);
  }

  /// A manifest from bytes that anybody gave; empty where they are too many, or have another
  /// digest.
  public static Optional<StoredManifest> proved(Digest sha256, byte[] bytes) {
    boolean right =
        bytes.length <= MAX_BYTES_KEPT && Digests.of(Digest.Algorithm.SHA256, bytes).equals(sha256);
    return right
        ? Optional.of(of(ManifestParser.readStored(new ByteArrayInputStream(bytes)), bytes))
        : Optional.empty();
  }

  StoredManifest withoutBytes() {
    return bytes == null
        ? this
        : new StoredManifest(mediaType, size, subject, null, listed, version);
  }

  /// The same, seen whole in this version of its file.
  StoredManifest at(@Nullable Object fileVersion) {
    return new StoredManifest(mediaType, size, subject, bytes, listed, fileVersion);
  }

  /// The same with how it is listed, where that is short enough to be kept.
  StoredManifest with(Descriptor asListed) {
    return weight(asListed) > MAX_LISTED_KEPT
        ? this
        : new StoredManifest(mediaType, size, subject, bytes, asListed, version);
  }

  /// About how many bytes of memory it takes beside its own object.
  public int weight() {
    return (bytes == null ? 0 : bytes.length) + (listed == null ? 0 : weight(listed));
  }

  private static int weight(Descriptor listed) {
    int weight = TEXT_OVERHEAD + 2 * listed.artifactType().orElse("").length();
    for (Map.Entry<String, String> entry : listed.annotations().entrySet()) {
      weight += 2 * (TEXT_OVERHEAD + entry.getKey().length() + entry.getValue().length());
    }
    return weight;
  }
}
