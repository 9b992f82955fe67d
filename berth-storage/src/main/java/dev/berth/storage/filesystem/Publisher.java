package dev.berth.storage.filesystem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/// Puts whole files in their place: into a temporary file of the same folder, and from there by one
/// step of the file system under their name, so that nobody ever sees half a file.
final class Publisher {
  static final String TEMPORARY_START = ".";
  static final String TEMPORARY_END = ".tmp";

  /// How often others may remove the folder under our hands before we give up; each time somebody
  /// made progress.
  private static final int ATTEMPTS = 32;

  private final Disk disk;
  private final Durability durability;

  Publisher(Disk disk, Durability durability) {
    this.disk = disk;
    this.durability = durability;
  }

  /// Creates or replaces `target`, durably.
  void replace(Path target, byte[] content) throws IOException {
    inFolderOf(
        target,
        folder -> {
          Path temporary = write(folder, content, true);
          moveInto(temporary, target);
          durability.syncNames(folder);
          return true;
        });
  }

  /// Creates or replaces `target` without a sync. A new file is written in its place.
  void replaceVolatile(Path target, byte[] content) throws IOException {
    inFolderOf(
        target,
        folder -> {
          if (disk.stat(target) != null || !createInPlace(target, content, false)) {
            moveInto(write(folder, content, false), target);
          }
          return true;
        });
  }

  /// Creates `target`, durably; false where something is there.
  boolean create(Path target, byte[] content) throws IOException {
    return inFolderOf(
        target, folder -> linkInto(write(folder, content, true), target, content, folder));
  }

  /// As [#create], with mode 0640 from the first byte on.
  boolean createPrivate(Path target, byte[] content) throws IOException {
    return inFolderOf(
        target, folder -> linkInto(writePrivate(folder, content), target, content, folder));
  }

  private boolean linkInto(Path temporary, Path target, byte[] content, Path folder)
      throws IOException {
    boolean created;
    try {
      created = linkOrCreate(temporary, target, content);
    } finally {
      Quietly.remove(disk, temporary);
    }
    if (created) {
      durability.syncNames(folder);
    }
    return created;
  }

  /// Renames; false where nothing is at `from`. Only the new name is synced: a file system that
  /// survives loss of power at all keeps a rename whole, so the old name is gone with it.
  boolean move(Path from, Path to) throws IOException {
    if (disk.stat(from) == null) {
      return false;
    }
    return inFolderOf(
        to,
        folder -> {
          try {
            disk.rename(from, to);
          } catch (NoSuchFileException e) {
            if (disk.stat(from) == null) {
              return false;
            }
            throw e;
          }
          durability.syncNames(folder);
          return true;
        });
  }

  static boolean isTemporary(String name) {
    return name.endsWith(TEMPORARY_END) && name.startsWith(TEMPORARY_START);
  }

  /// The folder a path lies in. Every path of a store has one, the root at least.
  static Path folderOf(Path path) {
    Path folder = path.getParent();
    if (folder == null) {
      throw new IllegalStateException("a path outside the root: " + path);
    }
    return folder;
  }

  private interface Step {
    boolean in(Path folder) throws IOException;
  }

  /// Does `step` in the target's folder, which is made where it is missing, and again where another
  /// process removes it meanwhile.
  private boolean inFolderOf(Path target, Step step) throws IOException {
    Path folder = folderOf(target);
    for (int attempt = 1; ; attempt++) {
      if (disk.stat(folder) == null) {
        makeFolders(folder);
      }
      try {
        return step.in(folder);
      } catch (NoSuchFileException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void makeFolders(Path folder) throws IOException {
    try {
      durability.makeFolders(folder);
    } catch (NoSuchFileException removedMeanwhile) {
      // The next attempt begins from what is there then.
      return;
    }
  }

  /// Gives the path of a new temporary file with `content`.
  private Path write(Path folder, byte[] content, boolean durable) throws IOException {
    Path temporary = folder.resolve(temporaryName());
    fill(disk.createNew(temporary), temporary, content, durable);
    return temporary;
  }

  private Path writePrivate(Path folder, byte[] content) throws IOException {
    Path temporary = folder.resolve(temporaryName());
    fill(disk.createNewPrivate(temporary), temporary, content, true);
    return temporary;
  }

  /// Writes a file just made, which is removed again where that fails.
  private void fill(FileChannel file, Path path, byte[] content, boolean durable)
      throws IOException {
    boolean done = false;
    try (file) {
      Slices.writeAll(disk, file, content);
      if (durable) {
        durability.syncFile(file, path);
      }
      done = true;
    } finally {
      if (!done) {
        Quietly.remove(disk, path);
      }
    }
  }

  private void moveInto(Path temporary, Path target) throws IOException {
    boolean done = false;
    try {
      disk.rename(temporary, target);
      done = true;
    } finally {
      if (!done) {
        Quietly.remove(disk, temporary);
      }
    }
  }

  private boolean linkOrCreate(Path temporary, Path target, byte[] content) throws IOException {
    try {
      disk.link(temporary, target);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      return createInPlace(target, content, true);
    } catch (IOException e) {
      if (Failure.meansNoHardLinks(e)) {
        return createInPlace(target, content, true);
      }
      throw e;
    }
  }

  /// Without hard links the name is there a moment before its content: still only one creator wins.
  private boolean createInPlace(Path target, byte[] content, boolean durable) throws IOException {
    FileChannel file;
    try {
      file = disk.createNew(target);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    fill(file, target, content, durable);
    return true;
  }

  static String temporaryName() {
    long random = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
    return TEMPORARY_START + Long.toString(random, Character.MAX_RADIX) + TEMPORARY_END;
  }
}
