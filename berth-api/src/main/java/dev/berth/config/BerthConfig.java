package dev.berth.config;

import org.jspecify.annotations.Nullable;

/// What a registry is told to be.
///
/// @param redis present where `storage.cache()` is REDIS
public record BerthConfig(
    LogConfig log,
    StorageConfig storage,
    HttpConfig http,
    AuthConfig auth,
    HealthConfig health,
    CatalogConfig catalog,
    ValidationConfig validation,
    NotificationsConfig notifications,
    @Nullable RedisConfig redis,
    BerthAdditions berth) {
  public static final BerthConfig DEFAULTS =
      new BerthConfig(
          LogConfig.DEFAULTS,
          StorageConfig.DEFAULTS,
          HttpConfig.DEFAULTS,
          new NoAuth(),
          HealthConfig.DEFAULTS,
          CatalogConfig.DEFAULTS,
          ValidationConfig.DEFAULTS,
          NotificationsConfig.DEFAULTS,
          /* redis= */ null,
          BerthAdditions.DEFAULTS);
}
