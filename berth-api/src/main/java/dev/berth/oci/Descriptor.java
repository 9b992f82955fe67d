package dev.berth.oci;

import java.util.Map;
import java.util.Optional;

/// A pointer to content, as manifests and referrers lists hold it (image-spec, descriptor.md).
///
/// @param mediaType the type as written; not checked, because an image may name any
/// @param size bytes of the content, 0 or more
/// @param artifactType the type of the artifact; only in indexes and referrers lists
/// @param annotations as written; empty where there are none
public record Descriptor(
    String mediaType,
    Digest digest,
    long size,
    Optional<String> artifactType,
    Map<String, String> annotations) {
  public Descriptor {
    annotations = Map.copyOf(annotations);
  }
}
