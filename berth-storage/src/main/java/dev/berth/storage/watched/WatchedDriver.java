package dev.berth.storage.watched;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import dev.berth.storage.StorageWriter;
import dev.berth.storage.watched.DriverWatcher.Action;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Another driver, with somebody who watches its calls. What it gives besides is the other driver's
/// own.
public final class WatchedDriver implements StorageDriver {
  private final StorageDriver store;
  private final DriverWatcher watcher;

  /// Closes `store` when it is closed.
  public WatchedDriver(StorageDriver store, DriverWatcher watcher) {
    this.store = store;
    this.watcher = watcher;
  }

  private void run(Action action, Runnable call) {
    Boolean _ =
        watcher.watch(
            action,
            () -> {
              call.run();
              return true;
            });
  }

  @Override
  public DriverTraits traits() {
    return store.traits();
  }

  @Override
  public Optional<FileInfo> stat(StoragePath path) {
    return watcher.watch(Action.STAT, () -> store.stat(path));
  }

  @Override
  public Optional<byte[]> read(StoragePath path, int limit) {
    return watcher.watch(Action.READ, () -> store.read(path, limit));
  }

  @Override
  public Optional<StorageReader> open(StoragePath path) {
    return watcher.watch(Action.OPEN, () -> store.open(path));
  }

  @Override
  public void put(StoragePath path, byte[] content) {
    run(Action.WRITE, () -> store.put(path, content));
  }

  @Override
  public boolean create(StoragePath path, byte[] content) {
    return watcher.watch(Action.WRITE, () -> store.create(path, content));
  }

  @Override
  public boolean createPrivate(StoragePath path, byte[] content) {
    return watcher.watch(Action.WRITE, () -> store.createPrivate(path, content));
  }

  @Override
  public void putVolatile(StoragePath path, byte[] content) {
    run(Action.WRITE, () -> store.putVolatile(path, content));
  }

  @Override
  public Appending append(StoragePath path) {
    return watched(watcher.watch(Action.APPEND, () -> store.append(path)));
  }

  @Override
  public Appending begin(StoragePath path) {
    return watched(watcher.watch(Action.APPEND, () -> store.begin(path)));
  }

  private Appending watched(Appending answer) {
    return answer instanceof Appending.Open(StorageWriter writer)
        ? new Appending.Open(new WatchedWriter(writer, this))
        : answer;
  }

  @Override
  public boolean move(StoragePath from, StoragePath to) {
    return watcher.watch(Action.MOVE, () -> store.move(from, to));
  }

  @Override
  public void touch(StoragePath path) {
    store.touch(path);
  }

  @Override
  public boolean delete(StoragePath path) {
    return watcher.watch(Action.DELETE, () -> store.delete(path));
  }

  @Override
  public boolean deleteTree(StoragePath path) {
    return watcher.watch(Action.DELETE, () -> store.deleteTree(path));
  }

  @Override
  public boolean discard(StoragePath folder) {
    return watcher.watch(Action.DELETE, () -> store.discard(folder));
  }

  @Override
  public Optional<List<String>> list(StoragePath folder) {
    return watcher.watch(Action.LIST, () -> store.list(folder));
  }

  @Override
  public boolean visit(StoragePath folder, Consumer<String> visitor) {
    return watcher.watch(Action.LIST, () -> store.visit(folder, visitor));
  }

  @Override
  public boolean sync(StoragePath path) {
    return watcher.watch(Action.SYNC, () -> store.sync(path));
  }

  void sync(StorageWriter writer) {
    run(Action.SYNC, writer::sync);
  }

  void writeFailed() {
    watcher.writeFailed();
  }

  @Override
  public Lock lock(StoragePath path) {
    return store.lock(path);
  }

  @Override
  public Space space() {
    Space now = store.space();
    watcher.saw(now);
    return now;
  }

  @Override
  public void close() {
    store.close();
  }
}
