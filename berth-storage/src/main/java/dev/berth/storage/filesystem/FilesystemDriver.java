package dev.berth.storage.filesystem;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Stores bytes in a folder of this machine, as the files that registry 2.8.2 would make of them.
/// Several processes may use the folder at once, each through one driver.
///
/// A durable write goes: temporary file in the target's folder, bytes, sync, rename (or hard link
/// for [#create]), sync of the folder, sync of every level above that is not known to be on the
/// device. After [Durability#SUSPECT_AFTER] failed syncs the driver takes no more writes until it
/// is opened anew.
///
/// A driver opened by [#openReadOnly] writes nothing, not even its lock file, and refuses every
/// call that would with [StorageException.Forbidden].
///
/// Its threads must not be interrupted: an interrupt closes the file at hand ([FileChannel] works
/// so). Symbolic links are followed; a store with one in it is the operator's choice. Linux only.
public final class FilesystemDriver implements StorageDriver {
  /// Its bytes are locked, never written; see [Locks]. Lies beside `docker/`, where 2.8.2 never
  /// looks.
  static final StoragePath LOCK_FILE = new StoragePath("berth/locks");

  private final Disk disk;
  private final String prefix;
  private final Durability durability;
  private final Publisher publisher;
  private final Removal removal;
  private final FileStore store;
  private final FileVersions versions;

  /// Null where the store is open for reading only.
  private final @Nullable Locks locks;

  FilesystemDriver(
      Disk disk, Path root, Durability durability, @Nullable Locks locks, FileStore store) {
    this.disk = disk;
    this.prefix = root.toString().endsWith("/") ? root.toString() : root + "/";
    this.durability = durability;
    this.publisher = new Publisher(disk, durability);
    this.removal = new Removal(disk, durability);
    this.locks = locks;
    this.store = store;
    this.versions = FileVersions.below(root, store);
  }

  /// Opens the store under `root`, which is made where it is missing. Checks that it can be
  /// written, that folders can be synced and files locked.
  ///
  /// @throws StorageException in one line: what is wrong, where, and what to do
  public static FilesystemDriver open(Path root) {
    return Opening.open(new Disk(), root, SyncMode.fromSystemProperty());
  }

  /// Opens the store under `root` for reading only; the volume may be mounted so.
  ///
  /// @throws StorageException in one line: the folder is not there or cannot be read
  public static FilesystemDriver openReadOnly(Path root) {
    return Opening.openReadOnly(new Disk(), root);
  }

  @Override
  public DriverTraits traits() {
    return new DriverTraits("filesystem", true, versions.areTold());
  }

  @Override
  public Optional<FileInfo> stat(StoragePath path) {
    return reading("look at", path, target -> Optional.ofNullable(info(target)));
  }

  @Override
  public Optional<byte[]> read(StoragePath path, int limit) {
    return reading("read", path, target -> OpenFile.readWhole(disk, target, limit));
  }

  @Override
  public Optional<StorageReader> open(StoragePath path) {
    return reading("open", path, target -> OpenFile.open(disk, target).map(Function.identity()));
  }

  @Override
  public void put(StoragePath path, byte[] content) {
    writing(
        "write",
        path,
        target -> {
          publisher.replace(target, content);
          return true;
        });
  }

  @Override
  public boolean create(StoragePath path, byte[] content) {
    return writing(
        "create", path, target -> disk.stat(target) == null && publisher.create(target, content));
  }

  @Override
  public boolean createPrivate(StoragePath path, byte[] content) {
    return writing(
        "create",
        path,
        target -> disk.stat(target) == null && publisher.createPrivate(target, content));
  }

  @Override
  public void putVolatile(StoragePath path, byte[] content) {
    writing(
        "write",
        path,
        target -> {
          publisher.replaceVolatile(target, content);
          return true;
        });
  }

  @Override
  public Appending append(StoragePath path) {
    return writing("append to", path, target -> openForAppend(path, target, false));
  }

  @Override
  public Appending begin(StoragePath path) {
    return writing("begin", path, target -> openForAppend(path, target, true));
  }

  @Override
  public boolean move(StoragePath from, StoragePath to) {
    Path source = locate(from);
    return writing("move " + from + " to", to, target -> publisher.move(source, target));
  }

  @Override
  public void touch(StoragePath path) {
    if (locks == null) {
      return;
    }
    try {
      disk.setModified(locate(path), System.currentTimeMillis());
    } catch (IOException e) {
      // Not our file, or gone: nothing depends on the time.
    }
  }

  @Override
  public boolean delete(StoragePath path) {
    return writing("delete", path, removal::file);
  }

  @Override
  public boolean deleteTree(StoragePath path) {
    return writing("delete", path, removal::tree);
  }

  @Override
  public boolean discard(StoragePath folder) {
    return writing("delete", folder, removal::volatileTree);
  }

  @Override
  public Optional<List<String>> list(StoragePath folder) {
    return reading(
        "list",
        folder,
        target -> {
          List<String> names = disk.list(target);
          names.removeIf(Publisher::isTemporary);
          return Optional.of(names);
        });
  }

  @Override
  public boolean visit(StoragePath folder, Consumer<String> visitor) {
    Path target = locate(folder);
    try {
      disk.visit(
          target,
          name -> {
            if (!Publisher.isTemporary(name)) {
              visitor.accept(name);
            }
          });
      return true;
    } catch (IOException e) {
      if (Failure.isAbsent(e)) {
        return false;
      }
      throw Failure.of("list", target, e);
    }
  }

  @Override
  public boolean sync(StoragePath path) {
    return writing("sync", path, this::syncFile);
  }

  /// The name that is locked is not the path itself: that one is for [#append].
  @Override
  public Lock lock(StoragePath path) {
    return writing(
        "lock",
        path,
        target ->
            locks()
                .lock(path.resolve("lock"))
                .orElseThrow(
                    () ->
                        new StorageException.Unavailable(
                            "cannot lock " + target + ": another request holds it", null)));
  }

  @Override
  public Space space() {
    try {
      return new Space(store.getTotalSpace(), store.getUsableSpace());
    } catch (IOException e) {
      throw Failure.of("measure the room at", prefix, e);
    }
  }

  @Override
  public void close() {
    try {
      if (locks != null) {
        locks.close();
      }
    } catch (IOException e) {
      throw Failure.of("close", LOCK_FILE, e);
    }
  }

  /// The lock comes first and the file second, so the file opened is the one that the path names
  /// while the lock is held.
  private Appending openForAppend(StoragePath path, Path target, boolean isNew) throws IOException {
    Optional<Locks.Lock> lock = locks().tryLock(path);
    if (lock.isEmpty()) {
      return new Appending.Busy();
    }
    boolean kept = false;
    try {
      if (isNew) {
        disk.createNew(target).close();
      }
      var writer = AppendingFile.open(disk, durability, target, lock.get());
      kept = true;
      return new Appending.Open(writer);
    } catch (FileAlreadyExistsException e) {
      return new Appending.Busy();
    } catch (IOException e) {
      if (Failure.isAbsent(e)) {
        return new Appending.Missing();
      }
      throw e;
    } finally {
      if (!kept) {
        lock.get().close();
      }
    }
  }

  private boolean syncFile(Path target) throws IOException {
    Optional<OpenFile> file = OpenFile.open(disk, target);
    if (file.isEmpty()) {
      return false;
    }
    try (OpenFile open = file.get()) {
      durability.syncFile(open.channel(), target);
    }
    durability.syncNames(Publisher.folderOf(target));
    return true;
  }

  private interface Call<T> {
    T on(Path target) throws IOException;
  }

  private <T> Optional<T> reading(String action, StoragePath path, Call<Optional<T>> call) {
    Path target = locate(path);
    try {
      try {
        return call.on(target);
      } catch (IOException e) {
        if (!Failure.isStale(e)) {
          throw e;
        }
        return call.on(target);
      }
    } catch (IOException e) {
      if (Failure.isAbsent(e)) {
        return Optional.empty();
      }
      throw Failure.of(action, target, e);
    }
  }

  private Locks locks() {
    return Objects.requireNonNull(locks, "calls that lock are calls that write");
  }

  private <T> T writing(String action, StoragePath path, Call<T> call) {
    Path target = locate(path);
    if (locks == null) {
      throw new StorageException.Forbidden(
          "cannot " + action + " " + target + ": the storage is open for reading only", null);
    }
    durability.checkTrusted();
    try {
      return call.on(target);
    } catch (IOException e) {
      throw Failure.of(action, target, e);
    }
  }

  private Path locate(StoragePath path) {
    return Path.of(prefix + path.value());
  }

  private @Nullable FileInfo info(Path target) throws IOException {
    BasicFileAttributes attributes = disk.stat(target);
    if (attributes == null) {
      return null;
    }
    FileTime modified = attributes.lastModifiedTime();
    if (!attributes.isDirectory()) {
      return new FileInfo(false, attributes.size(), modified.toInstant(), versions.of(attributes));
    }
    // The other time is set back by whoever copies a backup over a folder.
    FileTime changed = disk.changed(target);
    return new FileInfo(true, 0, (changed == null ? modified : changed).toInstant(), null);
  }
}
