package dev.berth.config;

/// What becomes of a pushed manifest whose blobs or manifests are not here.
public enum MissingReferences {
  /// 404 `MANIFEST_BLOB_UNKNOWN` (distribution-spec end-7).
  REFUSE,
  /// Stored all the same (sparse manifests).
  ACCEPT
}
