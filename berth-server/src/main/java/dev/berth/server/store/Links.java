package dev.berth.server.store;

import dev.berth.oci.Digest;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Link files: small files that hold nothing but a sha256 digest, without a newline.
final class Links {
  /// Of a link as registries write it: `sha256:` and 64 digits.
  static final int BYTES = 71;

  /// Registries of the past may have left a newline or worse.
  private static final int MAX_BYTES = 4096;

  private static final System.Logger LOG = System.getLogger(Links.class.getName());

  private final StorageDriver driver;

  Links(StorageDriver driver) {
    this.driver = driver;
  }

  /// What a link holds; see [Link].
  Link read(StoragePath path) {
    Optional<byte[]> bytes = driver.read(path, MAX_BYTES);
    if (bytes.isEmpty()) {
      return new Link.Missing();
    }
    return Digest.tryParse(new String(bytes.get(), StandardCharsets.ISO_8859_1).strip())
        .filter(digest -> digest.algorithm() == Digest.Algorithm.SHA256)
        .<Link>map(Link.Whole::new)
        .orElseGet(Link.Damaged::new);
  }

  /// Writes a link, durably.
  void write(StoragePath path, Digest sha256) {
    driver.put(path, sha256.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Writes a torn link anew, unless somebody else has written or removed it by now. A store that
  /// cannot be written keeps its torn link: the reader has its answer all the same, so that is no
  /// failure of the read.
  void heal(StoragePath path, Digest sha256) {
    try (var _ = driver.lock(path)) {
      if (read(path) instanceof Link.Damaged) {
        write(path, sha256);
        LOG.log(Level.INFO, "healed a torn link path={0} digest={1}", path, sha256);
      }
    } catch (StorageException e) {
      LOG.log(Level.WARNING, "a torn link could not be healed path={0}: {1}", path, e.getMessage());
    }
  }

  /// Removes a link, durably; its folder stays, as registry 2.8.2 leaves it.
  boolean remove(StoragePath path) {
    try (var _ = driver.lock(path)) {
      return driver.delete(path);
    }
  }

  /// The answer of [#read].
  sealed interface Link {
    /// Points at content.
    record Whole(Digest target) implements Link {}

    /// Is there but holds no digest: a registry that truncates in place was cut off, or is writing
    /// just now.
    record Damaged() implements Link {}

    record Missing() implements Link {}
  }
}
