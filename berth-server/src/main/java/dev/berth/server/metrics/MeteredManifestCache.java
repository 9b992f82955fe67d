package dev.berth.server.metrics;

import dev.berth.oci.Digest;
import dev.berth.server.registry.ManifestCache;
import dev.berth.server.registry.StoredManifest;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Counts how often another cache knew what it was asked for, under the names of registry 2.8.2,
/// whose cache knows sizes of blobs, and of distribution 3.
public final class MeteredManifestCache implements ManifestCache {
  private final ManifestCache cache;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  public MeteredManifestCache(ManifestCache cache, Metrics metrics) {
    this.cache = cache;
    metrics.counter(
        "registry_storage_cache",
        "The number of cache request received",
        List.of("type"),
        sink -> {
          sink.value(hits.sum(), "Hit");
          sink.value(misses.sum(), "Miss");
          sink.value(hits.sum() + misses.sum(), "Request");
        });
    metrics.counter(
        "registry_storage_cache_requests",
        "The number of cache request received",
        () -> (double) (hits.sum() + misses.sum()));
    metrics.counter(
        "registry_storage_cache_hits", "The number of cache request received", hits::sum);
    metrics.counter("registry_storage_cache_errors", "The number of cache request errors", () -> 0);
  }

  @Override
  public Optional<StoredManifest> find(Digest sha256) {
    Optional<StoredManifest> found = cache.find(sha256);
    (found.isPresent() ? hits : misses).increment();
    return found;
  }

  @Override
  public void remember(Digest sha256, StoredManifest manifest) {
    cache.remember(sha256, manifest);
  }
}
