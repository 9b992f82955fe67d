package dev.berth.server;

import dev.berth.config.RedisConfig;
import dev.berth.server.cache.MemoryManifestCache;
import dev.berth.server.http.Witness;
import dev.berth.server.redis.OldRegistryKeys;
import dev.berth.server.redis.Redis;
import dev.berth.server.redis.SharedManifestCache;
import dev.berth.server.registry.ManifestCache;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What is remembered of immutable bytes: in memory and, where the configuration asks for it, in a
/// Redis that replicas share.
final class Caching implements AutoCloseable {
  /// Of the heap: manifests remembered.
  private static final int CACHE_SHARE = 8;

  private final @Nullable Redis redis;
  private final @Nullable OldRegistryKeys oldKeys;

  /// @param config null for no Redis
  /// @throws IOException a file that it names cannot be read
  Caching(@Nullable RedisConfig config) throws IOException {
    redis = config == null ? null : Redis.start(config);
    oldKeys = redis == null ? null : new OldRegistryKeys(redis);
  }

  ManifestCache manifests() {
    var memory = new MemoryManifestCache(Runtime.getRuntime().maxMemory() / CACHE_SHARE);
    return redis == null ? memory : new SharedManifestCache(memory, redis);
  }

  /// Is told of each request.
  Witness witness() {
    return oldKeys == null ? Witness.NONE : oldKeys;
  }

  @Nullable Redis redis() {
    return redis;
  }

  /// Work of now and then.
  void tick() {
    if (redis != null && oldKeys != null) {
      redis.tick();
      oldKeys.tick();
    }
  }

  @Override
  public void close() {
    if (redis != null) {
      redis.close();
    }
  }
}
