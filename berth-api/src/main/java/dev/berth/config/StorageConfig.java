package dev.berth.config;

/// Everything under `storage`.
///
/// @param deleteEnabled DELETE is allowed; else it answers 405
/// @param readOnly everything that writes answers 405
public record StorageConfig(
    DriverConfig driver,
    boolean deleteEnabled,
    boolean readOnly,
    DescriptorCache cache,
    UploadPurging uploadPurging) {
  public static final StorageConfig DEFAULTS =
      new StorageConfig(
          FilesystemStorage.DEFAULTS, false, false, DescriptorCache.OFF, UploadPurging.DEFAULTS);
}
