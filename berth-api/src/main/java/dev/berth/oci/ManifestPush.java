package dev.berth.oci;

import java.util.List;
import java.util.Optional;

/// A manifest to be stored.
///
/// @param contentType the request's `Content-Type`; empty where it had none
/// @param digest what the bytes must hash to, where the client said so
/// @param tags the tags to point at it, in the order given; may be empty when a digest is given
/// @param bytes the body; not copied
public record ManifestPush(
    Optional<MediaType> contentType, Optional<Digest> digest, List<Tag> tags, byte[] bytes) {
  public ManifestPush {
    tags = List.copyOf(tags);
  }
}
