package dev.berth.server.registry;

import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What Berth needs to know of a manifest. A pure function of its bytes, so it never goes stale.
///
/// @param mediaType the type to serve it with
/// @param blobs layers and configuration, in order
/// @param children the manifests of an index, in order
/// @param subject the manifest that this one refers to
/// @param artifactType its own, else the configuration's media type
/// @param annotations as written
record ParsedManifest(
    MediaType mediaType,
    List<Reference> blobs,
    List<Reference> children,
    Optional<Reference> subject,
    Optional<String> artifactType,
    Map<String, String> annotations) {

  /// One descriptor inside a manifest.
  ///
  /// @param mediaType as written
  /// @param size as written, 0 or more
  /// @param urls where else the content may be had; a layer that has some need not be here
  /// @param artifactType as written; descriptors in an index may have one
  record Reference(
      String mediaType,
      Digest digest,
      long size,
      List<String> urls,
      Optional<String> artifactType,
      Map<String, String> annotations) {}

  /// Whether the repository has this content because the manifest refers to it.
  boolean refersTo(Digest digest) {
    return blobs.stream().anyMatch(reference -> reference.digest().equals(digest));
  }
}
