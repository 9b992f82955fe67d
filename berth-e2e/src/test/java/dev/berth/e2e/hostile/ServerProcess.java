package dev.berth.e2e.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel says about a running registry.
record ServerProcess(long pid) {
  /// Open files and sockets.
  int openFiles() {
    try (var files = Files.list(proc("fd"))) {
      return (int) files.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Memory in RAM now, in MiB.
  long residentMib() {
    return status("VmRSS:");
  }

  /// The most memory in RAM it ever had, in MiB.
  long mostResidentMib() {
    return status("VmHWM:");
  }

  private long status(String key) {
    try {
      return Files.readAllLines(proc("status")).stream()
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }
}
