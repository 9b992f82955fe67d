package dev.berth.config;

/// What a registry is told to be.
public record BerthConfig(
    LogConfig log,
    StorageConfig storage,
    HttpConfig http,
    AuthConfig auth,
    HealthConfig health,
    CatalogConfig catalog,
    ValidationConfig validation,
    NotificationsConfig notifications,
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
          BerthAdditions.DEFAULTS);
}
