package dev.berth.server.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the system grants this process.
final class ProcessLimits {
  /// What registry 2.8.2's library shows for no limit.
  private static final double UNLIMITED = 0x1p64;

  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String ADDRESS_SPACE = "Max address space";

  private ProcessLimits() {}

  /// Bytes of addresses.
  static double addressSpace() {
    try {
      for (String line : Files.readAllLines(LIMITS)) {
        if (line.startsWith(ADDRESS_SPACE)) {
          String soft = line.substring(ADDRESS_SPACE.length()).strip().split(" +", 2)[0];
          return soft.equals("unlimited") ? UNLIMITED : Double.parseDouble(soft);
        }
      }
    } catch (IOException e) {
      // Not Linux.
    }
    return Double.NaN;
  }
}
