package dev.berth.config;

/// What a registry is told to be.
public record BerthConfig(
    LogConfig log,
    StoreConfig storage,
    HttpConfig http,
    HealthConfig health,
    CatalogConfig catalog,
    ValidationConfig validation,
    BerthSettings berth) {
  public static final BerthConfig DEFAULTS =
      new BerthConfig(
          LogConfig.DEFAULTS,
          StoreConfig.DEFAULTS,
          HttpConfig.DEFAULTS,
          HealthConfig.DEFAULTS,
          CatalogConfig.DEFAULTS,
          ValidationConfig.DEFAULTS,
          BerthSettings.DEFAULTS);
}
