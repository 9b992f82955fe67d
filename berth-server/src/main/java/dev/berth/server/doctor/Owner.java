package dev.berth.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Who a file belongs to, in numbers: in containers they have no names.
///
/// @param mode the permission bits
record Owner(int uid, int gid, int mode) {
  private static final Path SELF = Path.of("/proc/self");
  private static final int PERMISSIONS = 07777;

  static Owner of(Path file) throws IOException {
    return new Owner(
        (Integer) Files.getAttribute(file, "unix:uid"),
        (Integer) Files.getAttribute(file, "unix:gid"),
        (Integer) Files.getAttribute(file, "unix:mode") & PERMISSIONS);
  }

  /// Whom this process runs as.
  static Owner ofProcess() throws IOException {
    return of(SELF);
  }

  String ids() {
    return uid + ":" + gid;
  }

  @Override
  public String toString() {
    return ids() + ", mode %04o".formatted(mode);
  }
}
