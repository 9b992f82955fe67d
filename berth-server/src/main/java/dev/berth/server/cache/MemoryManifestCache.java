package dev.berth.server.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.berth.oci.Digest;
import dev.berth.server.registry.ManifestCache;
import dev.berth.server.registry.StoredManifest;
import java.util.Optional;

/// Manifests in memory, the most used ones, bounded by their bytes.
public final class MemoryManifestCache implements ManifestCache {
  /// What an entry costs beside its bytes: key, record, subject, node; more than it is.
  private static final int OVERHEAD_BYTES = 512;

  private final Cache<Digest, StoredManifest> cache;

  /// @param maxBytes bound of all entries together
  public MemoryManifestCache(long maxBytes) {
    cache =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(MemoryManifestCache::weight)
            .executor(Runnable::run)
            .build();
  }

  @Override
  public Optional<StoredManifest> find(Digest sha256) {
    return Optional.ofNullable(cache.getIfPresent(sha256));
  }

  @Override
  public void remember(Digest sha256, StoredManifest manifest) {
    cache.put(sha256, manifest);
  }

  private static int weight(Digest sha256, StoredManifest manifest) {
    return OVERHEAD_BYTES + manifest.weight();
  }
}
