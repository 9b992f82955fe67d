package dev.berth.server.store;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Berth's own small files on the store: the version of the format, and the secret that all
/// processes on the store share.
final class StoreFormat {
  /// Raised when an older Berth could do harm to what a newer one wrote.
  private static final int VERSION = 1;

  private static final int MAX_BYTES = 4096;
  private static final int SECRET_BYTES = 32;

  private final StorageDriver driver;

  StoreFormat(StorageDriver driver) {
    this.driver = driver;
  }

  /// Refuses a store that a newer Berth wrote; marks one that has no mark yet, if it may be
  /// written.
  ///
  /// @throws UnusableStoreException with one line for the operator
  void check(boolean writable) {
    for (StoragePath folder : StoreLayout.FOLDERS) {
      if (driver.stat(folder).filter(info -> !info.folder()).isPresent()) {
        throw new UnusableStoreException(
            folder
                + " is a file where a folder belongs: move it away, or name another"
                + " storage.filesystem.rootdirectory");
      }
    }
    Optional<String> found = text(driver.read(StoreLayout.FORMAT, MAX_BYTES));
    if (found.isEmpty()) {
      if (writable) {
        driver.create(StoreLayout.FORMAT, bytes(VERSION + "\n"));
      }
      return;
    }
    int version = parse(found.get());
    if (version > VERSION) {
      throw new UnusableStoreException(
          "the store was written by a newer Berth (format "
              + version
              + ", this one knows up to "
              + VERSION
              + "): run that version or a later one");
    }
  }

  /// The secret of the store, made at first use. Durable before it is first used, so no two
  /// processes differ.
  byte[] secret(RandomGenerator random, boolean writable) {
    byte[] fresh = new byte[SECRET_BYTES];
    random.nextBytes(fresh);
    String text = HexFormat.of().formatHex(fresh);
    if (text(driver.read(StoreLayout.SECRET, MAX_BYTES)).isEmpty()) {
      if (!writable) {
        return bytes(text);
      }
      driver.createPrivate(StoreLayout.SECRET, bytes(text));
    }
    return text(driver.read(StoreLayout.SECRET, MAX_BYTES))
        .map(StoreFormat::bytes)
        .orElseThrow(
            () ->
                new UnusableStoreException(
                    StoreLayout.SECRET
                        + " is empty: remove it while no process uses the store, or set http.secret"));
  }

  private static int parse(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UnusableStoreException(
          StoreLayout.FORMAT + " is damaged: it should hold the number " + VERSION);
    }
  }

  private static Optional<String> text(Optional<byte[]> bytes) {
    return bytes
        .map(content -> new String(content, StandardCharsets.ISO_8859_1).strip())
        .filter(content -> !content.isEmpty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
