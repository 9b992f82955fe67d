package dev.berth.oci;

import java.util.Optional;

/// What stands after `/manifests/`: a tag or a digest.
public sealed interface Reference permits Tag, Digest {
  /// Reads a digest where the text has a colon, else a tag; empty where it is neither.
  static Optional<Reference> tryParse(String text) {
    if (text.indexOf(':') >= 0) {
      return Digest.tryParse(text).map(digest -> digest);
    }
    return Tag.tryParse(text).map(tag -> tag);
  }
}
