package dev.berth.storage.filesystem;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Stores bytes in a folder of this machine, as the files that registry 2.8.2 would make of them.
/// Several processes may use the folder at once, each through one driver.
///
/// A durable write goes: temporary file in the target's folder, bytes, sync, rename (or hard link
/// for [#create]), sync of the folder, sync of every level above that is not known to be on the
/// device. After [Durability#SUSPECT_AFTER] failed syncs the driver takes no more writes until it
/// is opened anew.
///
/// Its threads must not be interrupted: an interrupt closes the file at hand ([FileChannel] works
/// so). Symbolic links are followed; a store with one in it is the operator's choice. Linux only.
public final class FilesystemDriver implements StorageDriver {
  /// Its bytes are locked, never written; see [Locks]. Lies beside `docker/`, where 2.8.2 never
  /// looks.
  static final StoragePath LOCK_FILE = new StoragePath("berth/locks");

  /// First guess of a small file's size in bytes: links have 71, hash states 108.
  private static final int SMALL = 512;

  private final Disk disk;
  private final String prefix;
  private final Durability durability;
  private final Publisher publisher;
  private final Removal removal;
  private final Locks locks;
  private final FileStore store;

  FilesystemDriver(Disk disk, Path root, Durability durability, Locks locks, FileStore store) {
    this.disk = disk;
    this.prefix = root.toString().endsWith("/") ? root.toString() : root + "/";
    this.durability = durability;
    this.publisher = new Publisher(disk, durability);
    this.removal = new Removal(disk, durability);
    this.locks = locks;
    this.store = store;
  }

  /// Opens the store under `root`, which is made where it is missing. Checks that it can be
  /// written, that folders can be synced and files locked.
  ///
  /// @throws StorageException in one line: what is wrong, where, and what to do
  public static FilesystemDriver open(Path root) {
    return Opening.open(new Disk(), root, SyncMode.fromSystemProperty());
  }

  @Override
  public DriverTraits traits() {
    return new DriverTraits("filesystem", true);
  }

  @Override
  public Optional<FileInfo> stat(StoragePath path) {
    return reading(
        "look at",
        path,
        target -> Optional.ofNullable(disk.stat(target)).map(FilesystemDriver::info));
  }

  @Override
  public Optional<byte[]> read(StoragePath path, int limit) {
    return reading("read", path, target -> readWhole(target, limit));
  }

  @Override
  public Optional<StorageReader> open(StoragePath path) {
    return reading("open", path, this::openFile);
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
    return writing("append to", path, target -> openForAppend(path, target));
  }

  @Override
  public boolean move(StoragePath from, StoragePath to) {
    Path source = locate(from);
    return writing("move " + from + " to", to, target -> publisher.move(source, target));
  }

  @Override
  public void touch(StoragePath path) {
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
  public boolean sync(StoragePath path) {
    return writing(
        "sync",
        path,
        target -> {
          try (FileChannel file = disk.openRead(target)) {
            durability.syncFile(file, target);
          } catch (IOException e) {
            if (Failure.isAbsent(e)) {
              return false;
            }
            throw e;
          }
          durability.syncNames(Publisher.folderOf(target));
          return true;
        });
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
      locks.close();
    } catch (IOException e) {
      throw Failure.of("close", LOCK_FILE, e);
    }
  }

  private Optional<byte[]> readWhole(Path target, int limit) throws IOException {
    try (FileChannel file = disk.openRead(target)) {
      ByteBuffer first = ByteBuffer.allocate(SMALL);
      int length = Slices.read(disk, file, first, 0);
      if (length < SMALL) {
        checkLimit(target, length, limit);
        return Optional.of(Arrays.copyOf(first.array(), length));
      }
      long size = file.size();
      checkLimit(target, size, limit);
      ByteBuffer all = ByteBuffer.allocate((int) size);
      int read = Slices.read(disk, file, all, 0);
      return Optional.of(read == size ? all.array() : Arrays.copyOf(all.array(), read));
    }
  }

  private static void checkLimit(Path target, long size, int limit) {
    if (size > limit) {
      throw new StorageException.Broken(
          "cannot read "
              + target
              + ": it has "
              + size
              + " bytes where at most "
              + limit
              + " are expected; somebody else wrote it",
          null);
    }
  }

  private Optional<StorageReader> openFile(Path target) throws IOException {
    FileChannel file = disk.openRead(target);
    boolean done = false;
    try {
      var reader = new OpenFile(disk, file, file.size());
      done = true;
      return Optional.of(reader);
    } finally {
      if (!done) {
        Quietly.close(file);
      }
    }
  }

  /// The lock comes first and the file second, so the file opened is the one that the path names
  /// while the lock is held.
  private Appending openForAppend(StoragePath path, Path target) throws IOException {
    Optional<Locks.Lock> lock = locks.tryLock(path);
    if (lock.isEmpty()) {
      return new Appending.Busy();
    }
    FileChannel file = null;
    boolean done = false;
    try {
      file = disk.openReadWrite(target);
      var writer = new AppendingFile(disk, durability, target, file, lock.get(), file.size());
      done = true;
      return new Appending.Open(writer);
    } catch (IOException e) {
      if (Failure.isAbsent(e)) {
        return new Appending.Missing();
      }
      throw e;
    } finally {
      if (!done) {
        if (file != null) {
          Quietly.close(file);
        }
        lock.get().close();
      }
    }
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

  private <T> T writing(String action, StoragePath path, Call<T> call) {
    durability.checkTrusted();
    Path target = locate(path);
    try {
      return call.on(target);
    } catch (IOException e) {
      throw Failure.of(action, target, e);
    }
  }

  private Path locate(StoragePath path) {
    return Path.of(prefix + path.value());
  }

  private static FileInfo info(BasicFileAttributes attributes) {
    boolean folder = attributes.isDirectory();
    return new FileInfo(
        folder, folder ? 0 : attributes.size(), attributes.lastModifiedTime().toInstant());
  }
}
