package dev.berth.storage.filesystem;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// Takes files and folders away, durably. A name that 2.8.2 left unsynced comes back with the
/// power; these do not.
final class Removal {
  /// How often others may add to a folder while it is being removed.
  private static final int ATTEMPTS = 32;

  private final Disk disk;
  private final Durability durability;

  Removal(Disk disk, Durability durability) {
    this.disk = disk;
    this.durability = durability;
  }

  /// False where there is no such file.
  boolean file(Path target) throws IOException {
    BasicFileAttributes attributes = disk.statLink(target);
    if (attributes == null || attributes.isDirectory() || !remove(target)) {
      return false;
    }
    durability.syncFolder(Publisher.folderOf(target));
    return true;
  }

  /// False where there is no such folder. Only the last step is synced: what lies below a name that
  /// is gone is gone with it.
  boolean tree(Path target) throws IOException {
    if (!volatileTree(target)) {
      return false;
    }
    durability.syncFolder(Publisher.folderOf(target));
    return true;
  }

  /// As [#tree], without any sync.
  boolean volatileTree(Path target) throws IOException {
    if (!isFolder(target)) {
      return false;
    }
    removeFolder(target);
    return true;
  }

  private void removeFolder(Path folder) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        removeContent(folder);
        remove(folder);
        return;
      } catch (DirectoryNotEmptyException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void removeContent(Path folder) throws IOException {
    List<String> names;
    try {
      // The whole list first: some file systems skip names when a folder changes while it is being
      // read.
      names = disk.list(folder);
    } catch (NoSuchFileException removedMeanwhile) {
      return;
    }
    for (String name : names) {
      Path entry = folder.resolve(name);
      try {
        remove(entry);
      } catch (DirectoryNotEmptyException e) {
        removeFolder(entry);
      }
    }
  }

  private boolean isFolder(Path path) throws IOException {
    BasicFileAttributes attributes = disk.statLink(path);
    return attributes != null && attributes.isDirectory();
  }

  private boolean remove(Path path) throws IOException {
    try {
      disk.remove(path);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
