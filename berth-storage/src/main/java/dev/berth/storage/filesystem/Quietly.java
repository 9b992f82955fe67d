package dev.berth.storage.filesystem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Cleaning up where a failure changes nothing for the caller: nothing was promised of these bytes.
final class Quietly {
  private Quietly() {}

  static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException e) {
      // A failed close loses bytes not yet synced, and those were not acknowledged.
    }
  }

  static void remove(Disk disk, Path temporary) {
    try {
      disk.remove(temporary);
    } catch (IOException e) {
      // A temporary file left over is never listed and never read.
    }
  }
}
