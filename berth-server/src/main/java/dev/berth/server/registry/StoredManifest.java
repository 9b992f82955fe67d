package dev.berth.server.registry;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import java.util.Optional;

/// A manifest's bytes with what listings need of them.
///
/// @param bytes as pushed; not copied, treat as read-only
/// @param subject the manifest that it refers to
/// @param descriptor how a referrers list shows it
public record StoredManifest(
    MediaType mediaType, byte[] bytes, Optional<Digest> subject, Descriptor descriptor) {

  static StoredManifest of(Digest sha256, byte[] bytes, ParsedManifest parsed) {
    return new StoredManifest(
        parsed.mediaType(),
        bytes,
        parsed.subject().map(ParsedManifest.Reference::digest),
        new Descriptor(
            parsed.mediaType().value(),
            sha256,
            bytes.length,
            parsed.artifactType(),
            parsed.annotations()));
  }
}
