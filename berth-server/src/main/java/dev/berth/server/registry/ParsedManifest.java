package dev.berth.server.registry;

import dev.berth.oci.Digest;
import dev.berth.oci.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was read of a manifest: no more of it than the reader wanted ([ManifestJson.Use]). A pure
/// function of its bytes, so it never goes stale.
///
/// @param mediaType the type to serve it with
/// @param blobs layers and configuration of what is pushed, in order
/// @param children the manifests of an index that is pushed, in order
/// @param subject the manifest that this one refers to
/// @param artifactType its own, else the configuration's media type; for lists
/// @param annotations as written; for lists
record ParsedManifest(
    MediaType mediaType,
    List<Reference> blobs,
    List<Reference> children,
    Optional<Digest> subject,
    Optional<String> artifactType,
    Map<String, String> annotations) {

  /// One descriptor inside a manifest.
  ///
  /// @param mediaType as written; for lists
  /// @param size as written, 0 or more
  /// @param urls where else the content may be had; a layer that has some need not be here; in what
  ///   is pushed
  /// @param artifactType as written; descriptors in an index may have one; for lists
  /// @param annotations as written; for lists
  record Reference(
      String mediaType,
      Digest digest,
      long size,
      List<String> urls,
      Optional<String> artifactType,
      Map<String, String> annotations) {}
}
