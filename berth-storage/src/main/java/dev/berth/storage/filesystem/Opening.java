package dev.berth.storage.filesystem;

import dev.berth.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;

/// Checks a folder before it is used as a store, so that what cannot work is said at the start and
/// not at the first push.
final class Opening {
  private static final String ADVICE =
      "; name another folder in storage.filesystem.rootdirectory, or give this process's user the right to"
          + " write there; to serve what is there without writing, set"
          + " storage.maintenance.readonly.enabled";
  private static final String READ_ONLY =
      " storage.maintenance.readonly is enabled; mount the volume, or name another folder in"
          + " storage.filesystem.rootdirectory";

  private Opening() {}

  static FilesystemDriver open(Disk disk, Path folder, SyncMode mode) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      makeRoot(disk, root, mode);
      probe(disk, root);
      var durability = new Durability(disk, root, mode);
      probeSync(durability, root);
      FileStore store = disk.store(root);
      return new FilesystemDriver(disk, root, durability, locks(disk, root, durability), store);
    } catch (IOException e) {
      throw refused(root, e);
    }
  }

  static FilesystemDriver openReadOnly(Disk disk, Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      BasicFileAttributes attributes = disk.stat(root);
      if (attributes == null) {
        throw new StorageException.Broken(
            "cannot use "
                + root
                + " for storage: it is not there, and nothing is made while"
                + READ_ONLY,
            null);
      }
      refuseFile(root, attributes);
      disk.list(root);
      var durability = new Durability(disk, root, SyncMode.FULL);
      return new FilesystemDriver(disk, root, durability, null, disk.store(root));
    } catch (IOException e) {
      throw refused(root, e);
    }
  }

  private static void makeRoot(Disk disk, Path root, SyncMode mode) throws IOException {
    BasicFileAttributes attributes = disk.stat(root);
    if (attributes == null) {
      createRoot(disk, root, mode);
    } else {
      refuseFile(root, attributes);
    }
  }

  private static void refuseFile(Path root, BasicFileAttributes attributes) {
    if (!attributes.isDirectory()) {
      throw refusedFor(root, "it is a file");
    }
  }

  private static StorageException refusedFor(Path root, String reason) {
    return new StorageException.Broken(
        "cannot use "
            + root
            + " for storage: "
            + reason
            + "; name a folder in storage.filesystem.rootdirectory",
        null);
  }

  /// Makes the root and what is missing above it, durably.
  private static void createRoot(Disk disk, Path root, SyncMode mode) throws IOException {
    var missing = new ArrayList<Path>();
    for (Path level = root; disk.stat(level) == null; level = Publisher.folderOf(level)) {
      missing.add(level);
    }
    Path exists = Publisher.folderOf(missing.getLast());
    BasicFileAttributes attributes = disk.stat(exists);
    if (attributes != null && !attributes.isDirectory()) {
      throw refusedFor(root, exists + " is a file");
    }
    var above = new Durability(disk, exists, mode);
    above.makeFolders(root);
    for (Path level : missing) {
      above.syncFolder(Publisher.folderOf(level));
    }
  }

  private static void probe(Disk disk, Path root) throws IOException {
    Path probe = root.resolve(Publisher.temporaryName());
    disk.createNew(probe).close();
    disk.remove(probe);
  }

  private static void probeSync(Durability durability, Path root) {
    try {
      durability.syncFolder(root);
    } catch (IOException | StorageException e) {
      throw new StorageException.Broken(
          "cannot use "
              + root
              + " for storage: its file system cannot sync folders, so pushes would not"
              + " survive loss of power; use another file system",
          e);
    }
  }

  private static Locks locks(Disk disk, Path root, Durability durability) throws IOException {
    Path file = root.resolve(FilesystemDriver.LOCK_FILE.value());
    Path folder = Publisher.folderOf(file);
    if (disk.stat(folder) == null) {
      durability.makeFolders(folder);
    }
    return Locks.open(disk, file);
  }

  private static StorageException refused(Path root, IOException error) {
    if (error instanceof NoSuchFileException) {
      return refusedFor(root, "no folder can be made there");
    }
    StorageException failure = Failure.of("use for storage", root, error);
    if (failure instanceof StorageException.Forbidden) {
      String message = "cannot use " + root + " for storage: " + Failure.reason(error) + ADVICE;
      return new StorageException.Forbidden(message, error);
    }
    return failure;
  }
}
