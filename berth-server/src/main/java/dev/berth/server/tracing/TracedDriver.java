package dev.berth.server.tracing;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import dev.berth.storage.StorageWriter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Makes a span of each call of another driver that takes long, or fails, below the current span of
/// its thread, under the actions of registry 2.8.2. Where that records nothing, as in the
/// background, none is made. No span says a path: those of uploads are keys to them.
final class TracedDriver implements StorageDriver {
  private final StorageDriver store;
  private final Tracer tracer;
  private final long leastNanos;

  /// Closes `store` when it is closed.
  ///
  /// @param least how long a call takes that is long
  TracedDriver(StorageDriver store, Tracer tracer, Duration least) {
    this.store = store;
    this.tracer = tracer;
    this.leastNanos = least.toNanos();
  }

  // A span that is never ended is never sent, which is how the short ones go.
  private <T> T trace(String action, Supplier<T> call) {
    if (!Span.current().isRecording()) {
      return call.get();
    }
    Span span = tracer.spanBuilder("store " + action).startSpan();
    long start = System.nanoTime();
    try {
      T result = call.get();
      if (System.nanoTime() - start >= leastNanos) {
        span.end();
      }
      return result;
    } catch (StorageException e) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute("error.type", e.getClass().getSimpleName());
      span.end();
      throw e;
    }
  }

  private void run(String action, Runnable call) {
    Boolean _ =
        trace(
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
    return trace("Stat", () -> store.stat(path));
  }

  @Override
  public Optional<byte[]> read(StoragePath path, int limit) {
    return trace("GetContent", () -> store.read(path, limit));
  }

  @Override
  public Optional<StorageReader> open(StoragePath path) {
    return trace("Reader", () -> store.open(path));
  }

  @Override
  public void put(StoragePath path, byte[] content) {
    run("PutContent", () -> store.put(path, content));
  }

  @Override
  public boolean create(StoragePath path, byte[] content) {
    return trace("PutContent", () -> store.create(path, content));
  }

  @Override
  public boolean createPrivate(StoragePath path, byte[] content) {
    return trace("PutContent", () -> store.createPrivate(path, content));
  }

  @Override
  public void putVolatile(StoragePath path, byte[] content) {
    run("PutContent", () -> store.putVolatile(path, content));
  }

  @Override
  public Appending append(StoragePath path) {
    return traced(trace("Writer", () -> store.append(path)));
  }

  @Override
  public Appending begin(StoragePath path) {
    return traced(trace("Writer", () -> store.begin(path)));
  }

  private Appending traced(Appending answer) {
    return answer instanceof Appending.Open(StorageWriter writer)
        ? new Appending.Open(new TracedWriter(writer, this))
        : answer;
  }

  @Override
  public boolean move(StoragePath from, StoragePath to) {
    return trace("Move", () -> store.move(from, to));
  }

  @Override
  public void touch(StoragePath path) {
    store.touch(path);
  }

  @Override
  public boolean delete(StoragePath path) {
    return trace("Delete", () -> store.delete(path));
  }

  @Override
  public boolean deleteTree(StoragePath path) {
    return trace("Delete", () -> store.deleteTree(path));
  }

  @Override
  public boolean discard(StoragePath folder) {
    return trace("Delete", () -> store.discard(folder));
  }

  @Override
  public Optional<List<String>> list(StoragePath folder) {
    return trace("List", () -> store.list(folder));
  }

  @Override
  public boolean visit(StoragePath folder, Consumer<String> visitor) {
    return trace("List", () -> store.visit(folder, visitor));
  }

  @Override
  public boolean sync(StoragePath path) {
    return trace("Sync", () -> store.sync(path));
  }

  void sync(StorageWriter writer) {
    run("Sync", writer::sync);
  }

  @Override
  public Lock lock(StoragePath path) {
    return store.lock(path);
  }

  @Override
  public Space space() {
    return store.space();
  }

  @Override
  public void close() {
    store.close();
  }
}
