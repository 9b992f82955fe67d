package dev.berth.server.redis;

import dev.berth.oci.Digest;
import dev.berth.server.registry.ManifestCache;
import dev.berth.server.registry.StoredManifest;
import java.time.Duration;
import java.util.Optional;

/// Manifests in the memory of this process and, behind it, in a Redis that replicas share. What
/// comes from Redis is taken only if its bytes have the digest that was asked for: a wrong entry is
/// as none, and the right one replaces it.
public final class SharedManifestCache implements ManifestCache {
  /// With the format's version: another may stand beside it.
  private static final String PREFIX = "berth:1:manifest:";

  private static final Duration LIFE = Duration.ofDays(7);

  private final ManifestCache memory;
  private final Redis redis;

  public SharedManifestCache(ManifestCache memory, Redis redis) {
    this.memory = memory;
    this.redis = redis;
  }

  @Override
  public Optional<StoredManifest> find(Digest sha256) {
    Optional<StoredManifest> known = memory.find(sha256);
    return known.isPresent() ? known : findShared(sha256);
  }

  private Optional<StoredManifest> findShared(Digest sha256) {
    Optional<StoredManifest> shared =
        redis
            .get(key(sha256), StoredManifest.MAX_BYTES_KEPT + 1)
            .flatMap(bytes -> StoredManifest.proved(sha256, bytes));
    shared.ifPresent(manifest -> memory.remember(sha256, manifest));
    return shared;
  }

  @Override
  public void remember(Digest sha256, StoredManifest manifest) {
    boolean isNew = memory.find(sha256).filter(known -> known.bytes() != null).isEmpty();
    memory.remember(sha256, manifest);
    byte[] bytes = manifest.bytes();
    if (isNew && bytes != null) {
      redis.set(key(sha256), bytes, LIFE);
    }
  }

  private static String key(Digest sha256) {
    return PREFIX + sha256;
  }
}
