package dev.berth.config;

/// What becomes of a DELETE of a blob that a manifest of the repository still needs.
public enum ReferencedBlobs {
  /// 405.
  REFUSE,
  /// Deleted, as registry 2.8.2 does.
  ALLOW
}
