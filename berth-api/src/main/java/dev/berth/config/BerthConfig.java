package dev.berth.config;

/// What a registry is told to be.
public record BerthConfig(
    LogConfig log,
    StorageConfig storage,
    HttpConfig http,
    HealthConfig health,
    CatalogConfig catalog,
    ValidationConfig validation,
    BerthAdditions berth) {
  public static final BerthConfig DEFAULTS =
      new BerthConfig(
          LogConfig.DEFAULTS,
          StorageConfig.DEFAULTS,
          HttpConfig.DEFAULTS,
          HealthConfig.DEFAULTS,
          CatalogConfig.DEFAULTS,
          ValidationConfig.DEFAULTS,
          BerthAdditions.DEFAULTS);
}
