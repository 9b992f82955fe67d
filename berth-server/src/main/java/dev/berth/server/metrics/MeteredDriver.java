package dev.berth.server.metrics;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import dev.berth.storage.StorageWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Times the calls of another driver, under the actions of registry 2.8.2, and counts those that
/// failed. What it gives besides is the other driver's own.
public final class MeteredDriver implements StorageDriver {
  private final StorageDriver store;
  private final Distribution reads;
  private final Distribution writes;
  private final Distribution stats;
  private final Distribution lists;
  private final Distribution moves;
  private final Distribution deletes;
  private final Distribution opens;
  private final Distribution appends;
  private final Distribution syncs;
  private final LongAdder failures = new LongAdder();
  private volatile @Nullable Space space;

  /// Closes `store` when it is closed.
  public MeteredDriver(StorageDriver store, Metrics metrics) {
    this.store = store;
    String name = store.traits().name();
    Histogram actions =
        metrics.histogram(
            "registry_storage_action_seconds",
            "The number of seconds that the storage action takes",
            Scale.ACTION_SECONDS,
            "action",
            "driver");
    reads = actions.of("GetContent", name);
    writes = actions.of("PutContent", name);
    stats = actions.of("Stat", name);
    lists = actions.of("List", name);
    moves = actions.of("Move", name);
    deletes = actions.of("Delete", name);
    opens = actions.of("Reader", name);
    appends = actions.of("Writer", name);
    syncs = actions.of("Sync", name);
    // The actions of 2.8.2 and of distribution 3 for addresses that clients are sent to.
    Distribution _ = actions.of("URLFor", name);
    Distribution _ = actions.of("RedirectURL", name);
    metrics.counter(
        "berth_storage_failures",
        "Calls of the store that failed.",
        List.of("driver"),
        sink -> sink.value(failures.sum(), name));
    metrics.gauge(
        "berth_storage_free_bytes",
        "Bytes that can still be written to the store, when it was last looked at.",
        List.of(),
        sink -> space(sink, true));
    metrics.gauge(
        "berth_storage_total_bytes",
        "Bytes that the store can hold, when it was last looked at.",
        List.of(),
        sink -> space(sink, false));
  }

  private void space(Metrics.Sink sink, boolean free) {
    Space last = space;
    if (last != null && last.total() != Long.MAX_VALUE) {
      sink.value(free ? last.usable() : last.total());
    }
  }

  private <T> T time(Distribution action, Supplier<T> call) {
    long start = System.nanoTime();
    try {
      return call.get();
    } catch (StorageException e) {
      failures.increment();
      throw e;
    } finally {
      action.since(start);
    }
  }

  private void run(Distribution action, Runnable call) {
    Boolean _ =
        time(
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
    return time(stats, () -> store.stat(path));
  }

  @Override
  public Optional<byte[]> read(StoragePath path, int limit) {
    return time(reads, () -> store.read(path, limit));
  }

  @Override
  public Optional<StorageReader> open(StoragePath path) {
    return time(opens, () -> store.open(path));
  }

  @Override
  public void put(StoragePath path, byte[] content) {
    run(writes, () -> store.put(path, content));
  }

  @Override
  public boolean create(StoragePath path, byte[] content) {
    return time(writes, () -> store.create(path, content));
  }

  @Override
  public boolean createPrivate(StoragePath path, byte[] content) {
    return time(writes, () -> store.createPrivate(path, content));
  }

  @Override
  public void putVolatile(StoragePath path, byte[] content) {
    run(writes, () -> store.putVolatile(path, content));
  }

  @Override
  public Appending append(StoragePath path) {
    return timed(time(appends, () -> store.append(path)));
  }

  @Override
  public Appending begin(StoragePath path) {
    return timed(time(appends, () -> store.begin(path)));
  }

  private Appending timed(Appending answer) {
    return answer instanceof Appending.Open(StorageWriter writer)
        ? new Appending.Open(new MeteredWriter(writer, this))
        : answer;
  }

  @Override
  public boolean move(StoragePath from, StoragePath to) {
    return time(moves, () -> store.move(from, to));
  }

  @Override
  public void touch(StoragePath path) {
    store.touch(path);
  }

  @Override
  public boolean delete(StoragePath path) {
    return time(deletes, () -> store.delete(path));
  }

  @Override
  public boolean deleteTree(StoragePath path) {
    return time(deletes, () -> store.deleteTree(path));
  }

  @Override
  public boolean discard(StoragePath folder) {
    return time(deletes, () -> store.discard(folder));
  }

  @Override
  public Optional<List<String>> list(StoragePath folder) {
    return time(lists, () -> store.list(folder));
  }

  @Override
  public boolean visit(StoragePath folder, Consumer<String> visitor) {
    return time(lists, () -> store.visit(folder, visitor));
  }

  @Override
  public boolean sync(StoragePath path) {
    return time(syncs, () -> store.sync(path));
  }

  void sync(StorageWriter writer) {
    run(syncs, writer::sync);
  }

  /// A write that failed.
  void failed() {
    failures.increment();
  }

  @Override
  public Lock lock(StoragePath path) {
    return store.lock(path);
  }

  @Override
  public Space space() {
    Space now = store.space();
    space = now;
    return now;
  }

  @Override
  public void close() {
    store.close();
  }
}
