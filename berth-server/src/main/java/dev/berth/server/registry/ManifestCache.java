package dev.berth.server.registry;

import dev.berth.oci.Digest;
import java.util.Optional;

/// Remembers manifests by their sha256 digest. What it knows follows from immutable bytes, so it
/// can be missing but never wrong; whether a repository has the manifest is always asked of the
/// store.
public interface ManifestCache {
  /// A cache that remembers nothing.
  ManifestCache NONE =
      new ManifestCache() {
        @Override
        public Optional<StoredManifest> find(Digest sha256) {
          return Optional.empty();
        }

        @Override
        public void remember(Digest sha256, StoredManifest manifest) {}
      };

  Optional<StoredManifest> find(Digest sha256);

  void remember(Digest sha256, StoredManifest manifest);
}
