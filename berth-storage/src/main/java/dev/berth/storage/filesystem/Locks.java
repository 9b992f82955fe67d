package dev.berth.storage.filesystem;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Says who may write to a path: one at a time of all threads and all processes on this machine.
///
/// Between processes it is a lock of the kernel on one byte of one file, at an offset that stands
/// for the path; the kernel gives it up when the process ends, however it ends. The locks are not
/// on the files themselves, because Linux drops a process's locks on a file when the process closes
/// *any* descriptor of it: a reader would end a writer's lock. So nothing else in this process may
/// open the lock file, and a process has one driver for each store. Two paths with the same offset
/// (one chance in 2^62) only keep each other waiting.
///
/// Registry 2.8.2 takes no locks, so they say nothing about it; and they are efficiency on a
/// network file system, where a server's failover may lose them.
final class Locks implements AutoCloseable {
  /// What is held is held for a few writes; a holder that takes longer hangs in its disk.
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private final FileChannel file;
  private final Set<StoragePath> held = ConcurrentHashMap.newKeySet();

  Locks(FileChannel file) {
    this.file = file;
  }

  /// Opens the lock file, making it if need be, and takes one lock to see whether the file system
  /// can.
  static Locks open(Disk disk, Path path) throws IOException {
    FileChannel file = disk.openOrCreate(path);
    try {
      var locks = new Locks(file);
      locks.tryLock(new StoragePath("probe")).ifPresent(Lock::close);
      return locks;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Empty where another has it.
  Optional<Lock> tryLock(StoragePath path) throws IOException {
    if (!held.add(path)) {
      return Optional.empty();
    }
    FileLock kernel = null;
    try {
      kernel = file.tryLock(offset(path), 1, false);
    } catch (OverlappingFileLockException e) {
      // Another driver of this process, or another path at this offset, has it: as good as taken.
    } finally {
      if (kernel == null) {
        held.remove(path);
      }
    }
    return kernel == null ? Optional.empty() : Optional.of(new Lock(path, kernel));
  }

  /// Waits for it; empty where another had it all the time.
  Optional<Lock> lock(StoragePath path) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Optional<Lock> lock = tryLock(path);
    while (lock.isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(PAUSE_NANOS);
      lock = tryLock(path);
    }
    return lock;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static long offset(StoragePath path) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(path.value().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong() >>> 2;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// The right to write to one path, until closed. Closing again does nothing.
  final class Lock implements StorageDriver.Lock {
    private final StoragePath path;
    private final FileLock kernel;
    private boolean open = true;

    private Lock(StoragePath path, FileLock kernel) {
      this.path = path;
      this.kernel = kernel;
    }

    @Override
    public synchronized void close() {
      if (!open) {
        return;
      }
      open = false;
      try {
        kernel.release();
      } catch (IOException e) {
        // Only a closed lock file cannot be unlocked, and closing it has given up every lock.
      } finally {
        held.remove(path);
      }
    }
  }
}
