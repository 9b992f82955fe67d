package dev.berth.storage.filesystem;

/// What is synced to the device. Anything but [#FULL] loses acknowledged pushes and exists only so
/// that the power-cut tests can show that they notice.
enum SyncMode {
  FULL,
  /// Planted fault: folders are never synced, so names can vanish with the power.
  NO_FOLDERS;

  private static final String FAULT = "berth.fault.nodirsync";

  /// What the system property `berth.fault.nodirsync` asks for; it is for tests alone.
  static SyncMode fromSystemProperty() {
    return Boolean.getBoolean(FAULT) ? NO_FOLDERS : FULL;
  }
}
