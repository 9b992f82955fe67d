package dev.berth.storage.memory;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Stores bytes in memory, up to a number of bytes. Everything is gone when the process ends; until
/// then it keeps the whole contract, with "durable" meaning "done".
public final class MemoryDriver implements StorageDriver {
  private static final long LOCK_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final InstantSource clock;
  private final Tree tree;
  private final Allowance allowance;
  private final Set<MemoryFile> appending = new HashSet<>();
  private final Set<StoragePath> locked = new HashSet<>();

  /// Files that have a writer and no name any more.
  private final Set<MemoryFile> dropped = new HashSet<>();

  /// An empty store.
  ///
  /// @param capacity most bytes of content held; names and folders are not counted
  public MemoryDriver(long capacity, InstantSource clock) {
    this.clock = clock;
    this.tree = new Tree(clock);
    this.allowance = new Allowance(capacity);
  }

  @Override
  public DriverTraits traits() {
    return new DriverTraits("inmemory", false, false);
  }

  @Override
  public synchronized Optional<FileInfo> stat(StoragePath path) {
    return tree.find(path)
        .map(
            node ->
                switch (node) {
                  case TreeNode.Folder folder -> new FileInfo(true, 0, folder.modified(), null);
                  case TreeNode.File file ->
                      new FileInfo(false, file.content().size(), file.modified(), null);
                });
  }

  @Override
  public synchronized Optional<byte[]> read(StoragePath path, int limit) {
    return tree.findFile(path).map(content -> whole(path, content, limit));
  }

  private static byte[] whole(StoragePath path, MemoryFile content, int limit) {
    if (content.size() > limit) {
      throw new StorageException.Broken(
          "cannot read "
              + path
              + ": it has "
              + content.size()
              + " bytes where at most "
              + limit
              + " are expected",
          null);
    }
    return content.bytes();
  }

  @Override
  public synchronized Optional<StorageReader> open(StoragePath path) {
    return tree.findFile(path).map(content -> new MemoryReader(content, content.size()));
  }

  @Override
  public synchronized void put(StoragePath path, byte[] content) {
    allowance.take(content.length);
    boolean done = false;
    try {
      Optional<MemoryFile> before = tree.put(path, new MemoryFile(content, clock.instant()));
      before.ifPresent(this::drop);
      done = true;
    } finally {
      if (!done) {
        allowance.give(content.length);
      }
    }
  }

  @Override
  public synchronized boolean create(StoragePath path, byte[] content) {
    if (tree.find(path).isPresent()) {
      return false;
    }
    put(path, content);
    return true;
  }

  @Override
  public boolean createPrivate(StoragePath path, byte[] content) {
    return create(path, content);
  }

  @Override
  public void putVolatile(StoragePath path, byte[] content) {
    put(path, content);
  }

  @Override
  public synchronized Appending append(StoragePath path) {
    Optional<MemoryFile> content = tree.findFile(path);
    if (content.isEmpty()) {
      return new Appending.Missing();
    }
    if (!appending.add(content.get())) {
      return new Appending.Busy();
    }
    return new Appending.Open(new MemoryWriter(this, content.get()));
  }

  @Override
  public synchronized Appending begin(StoragePath path) {
    if (tree.find(path).isPresent()) {
      return new Appending.Busy();
    }
    if (!tree.hasFolderOf(path)) {
      return new Appending.Missing();
    }
    put(path, new byte[0]);
    return append(path);
  }

  @Override
  public synchronized boolean move(StoragePath from, StoragePath to) {
    Optional<MemoryFile> content = tree.findFile(from);
    if (content.isEmpty()) {
      return false;
    }
    if (from.equals(to)) {
      return true;
    }
    Optional<MemoryFile> before = tree.put(to, content.get());
    before.ifPresent(this::drop);
    tree.remove(from);
    return true;
  }

  @Override
  public synchronized void touch(StoragePath path) {
    tree.findFile(path).ifPresent(content -> content.touch(clock.instant()));
  }

  @Override
  public synchronized boolean delete(StoragePath path) {
    Optional<MemoryFile> content = tree.findFile(path);
    content.ifPresent(
        file -> {
          tree.remove(path);
          drop(file);
        });
    return content.isPresent();
  }

  @Override
  public synchronized boolean deleteTree(StoragePath path) {
    Optional<TreeNode.Folder> folder = tree.findFolder(path);
    folder.ifPresent(
        found -> {
          tree.remove(path);
          Tree.filesBelow(found).forEach(this::drop);
        });
    return folder.isPresent();
  }

  @Override
  public boolean discard(StoragePath folder) {
    return deleteTree(folder);
  }

  @Override
  public synchronized Optional<List<String>> list(StoragePath folder) {
    return tree.findFolder(folder)
        .map(found -> found.children().keySet().stream().filter(MemoryDriver::isShown).toList());
  }

  @Override
  public boolean visit(StoragePath folder, Consumer<String> visitor) {
    Optional<List<String>> names = list(folder);
    names.ifPresent(found -> found.forEach(visitor));
    return names.isPresent();
  }

  private static boolean isShown(String name) {
    return !(name.startsWith(".") && name.endsWith(".tmp"));
  }

  @Override
  public synchronized boolean sync(StoragePath path) {
    return tree.findFile(path).isPresent();
  }

  @Override
  public synchronized Lock lock(StoragePath path) {
    long deadline = System.nanoTime() + LOCK_PATIENCE_NANOS;
    try {
      while (locked.contains(path)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new StorageException.Unavailable(
              "cannot lock " + path + ": another request holds it", null);
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException.Unavailable("interrupted while waiting for " + path, e);
    }
    locked.add(path);
    return () -> unlock(path);
  }

  private synchronized void unlock(StoragePath path) {
    locked.remove(path);
    notifyAll();
  }

  @Override
  public synchronized Space space() {
    return allowance.space();
  }

  @Override
  public void close() {}

  synchronized void write(MemoryFile content, ByteBuffer source) {
    allowance.take(source.remaining());
    content.append(source, clock.instant());
  }

  synchronized void truncate(MemoryFile content, long size) {
    allowance.give(content.size() - size);
    content.truncate(size, clock.instant());
  }

  synchronized void release(MemoryFile content) {
    appending.remove(content);
    if (dropped.remove(content)) {
      allowance.give(content.size());
    }
  }

  /// Takes back the room of a file whose name is gone, at once or when its writer closes.
  private void drop(MemoryFile content) {
    if (appending.contains(content)) {
      dropped.add(content);
    } else {
      allowance.give(content.size());
    }
  }
}
