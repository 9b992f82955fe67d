package dev.berth.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What Linux says of the machine, or container, that this process runs on.
final class Machine {
  private static final Path NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private Machine() {}

  /// Its name in the network.
  static String name() {
    String name = read(NAME);
    return name.isEmpty() ? "localhost" : name;
  }

  /// The same for all processes, in containers or not, that see each other's locks, and for no
  /// others; empty where the system does not tell.
  static String runningKernel() {
    return read(BOOT);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
