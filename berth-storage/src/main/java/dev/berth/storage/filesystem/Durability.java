package dev.berth.storage.filesystem;

import dev.berth.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Syncs files and folders, and knows which folders are on the device for certain.
///
/// A file survives loss of power only if each folder above it does. A folder's name is made durable
/// by syncing its parent, by whoever made it; but another thread or another process may have made
/// it a moment ago and not have come to that. So nobody trusts that a folder is durable because it
/// is there: each writer syncs the parent of every level that this process has not seen synced
/// since the level came into being, up to the root. Levels once seen are remembered by file key and
/// time of birth, so that one removed and made again by anybody is not taken for the old one; the
/// walk ends at the first level known, since a folder that is still the same cannot have lost a
/// parent. Where the file system has no time of birth (NFS; there the server makes names durable by
/// itself) the memory never holds, and levels are synced again at each write.
///
/// A sync that failed is never tried again (the kernel has dropped the bytes and would report
/// success). A folder whose sync failed takes no more writes, and after [#SUSPECT_AFTER] failures
/// of any kind the store takes none until the process is started anew.
final class Durability {
  /// Failed syncs after which the device is not trusted with writes. One may be a passing fault of
  /// one file; three are a dying disk.
  static final int SUSPECT_AFTER = 3;

  /// Levels remembered; each is about 300 bytes. A level forgotten costs one sync more.
  private static final int REMEMBERED = 8192;

  private record Identity(@Nullable Object fileKey, FileTime born) {}

  private final Disk disk;
  private final Path root;
  private final SyncMode mode;
  private final AtomicInteger failures = new AtomicInteger();
  private final Set<Path> failedFolders = ConcurrentHashMap.newKeySet();
  private final Map<Path, Identity> known = new Recent<>(REMEMBERED);

  Durability(Disk disk, Path root, SyncMode mode) {
    this.disk = disk;
    this.root = root;
    this.mode = mode;
  }

  /// Throws where the device has failed too often to be written to.
  void checkTrusted() {
    if (failures.get() >= SUSPECT_AFTER) {
      throw new StorageException.Forbidden(
          "the storage at "
              + root
              + " takes no writes: it failed to sync "
              + failures.get()
              + " times; check the device, then start again",
          null);
    }
  }

  /// Syncs an open file's bytes.
  void syncFile(FileChannel file, Path path) throws IOException {
    try {
      disk.force(file, path);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /// Syncs the names in `folder`, then the name of the folder and of each one above it as far as
  /// that is not known to be on the device. A folder that is gone by now is left alone: so is what
  /// was in it.
  void syncNames(Path folder) throws IOException {
    if (mode == SyncMode.NO_FOLDERS) {
      return;
    }
    syncFolder(folder);
    var synced = new HashMap<Path, Identity>();
    Path level = folder;
    while (!level.equals(root)) {
      BasicFileAttributes attributes = disk.stat(level);
      if (attributes == null) {
        return;
      }
      var identity = new Identity(attributes.fileKey(), attributes.creationTime());
      if (isKnown(level, identity)) {
        break;
      }
      Path parent = Publisher.folderOf(level);
      syncFolder(parent);
      synced.put(level, identity);
      level = parent;
    }
    // Only now: a level is durable only once all above it are.
    remember(synced);
  }

  /// Syncs the names in one folder and nothing above it.
  void syncFolder(Path folder) throws IOException {
    if (mode == SyncMode.NO_FOLDERS) {
      return;
    }
    if (failedFolders.contains(folder)) {
      throw new IOException("an earlier sync of the folder " + folder + " failed");
    }
    try (FileChannel open = disk.openRead(folder)) {
      forceFolder(open, folder);
    } catch (NoSuchFileException gone) {
      // Whoever removed the folder removed the names in it too.
      return;
    }
  }

  private void forceFolder(FileChannel open, Path folder) throws IOException {
    try {
      disk.force(open, folder);
    } catch (IOException e) {
      failedFolders.add(folder);
      throw failed(folder, e);
    }
  }

  /// Makes `folder` and each missing one above it, below the root. Not durable until [#syncNames].
  /// Looks before it makes: a failed call costs ten times a look.
  void makeFolders(Path folder) throws IOException {
    if (folder.equals(root)) {
      throw new IOException("the root folder " + root + " is gone; was its volume unmounted?");
    }
    Path parent = Publisher.folderOf(folder);
    if (disk.stat(parent) == null) {
      makeFolders(parent);
    }
    makeFolder(folder);
  }

  private void makeFolder(Path folder) throws IOException {
    try {
      disk.makeFolder(folder);
    } catch (FileAlreadyExistsException e) {
      BasicFileAttributes attributes = disk.stat(folder);
      if (attributes == null) {
        // Another process made it and another removed it: the caller begins anew.
        throw new NoSuchFileException(folder.toString());
      }
      if (!attributes.isDirectory()) {
        throw new FileSystemException(folder.toString(), null, Failure.NOT_A_FOLDER);
      }
    }
  }

  private StorageException failed(Path path, IOException error) {
    StorageException failure = Failure.of("sync", path, error);
    if (failure instanceof StorageException.Broken) {
      failures.incrementAndGet();
    }
    return failure;
  }

  private boolean isKnown(Path level, Identity identity) {
    synchronized (known) {
      return identity.equals(known.get(level));
    }
  }

  private void remember(Map<Path, Identity> levels) {
    if (levels.isEmpty()) {
      return;
    }
    synchronized (known) {
      known.putAll(levels);
    }
  }

  /// Forgets the entry not used for the longest time.
  private static final class Recent<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private final int most;

    Recent(int most) {
      super(16, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > most;
    }
  }
}
