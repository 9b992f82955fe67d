package dev.berth.storage.faults;

import dev.berth.storage.DriverTraits;
import dev.berth.storage.FileInfo;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A store in front of another one, whose calls fail as [Faults] says.
public final class FaultyDriver implements StorageDriver {
  private final StorageDriver store;
  private final Faults faults;

  /// Closes `store` when it is closed.
  public FaultyDriver(StorageDriver store, Faults faults) {
    this.store = store;
    this.faults = faults;
  }

  @Override
  public DriverTraits traits() {
    return store.traits();
  }

  @Override
  public Optional<FileInfo> stat(StoragePath path) {
    return call(Operation.STAT, path, () -> store.stat(path));
  }

  @Override
  public Optional<byte[]> read(StoragePath path, int limit) {
    return call(Operation.READ, path, () -> store.read(path, limit));
  }

  @Override
  public Optional<StorageReader> open(StoragePath path) {
    return call(
        Operation.OPEN,
        path,
        () -> store.open(path).map(reader -> new FaultyReader(reader, path, this)));
  }

  @Override
  public void put(StoragePath path, byte[] content) {
    run(Operation.PUT, path, () -> store.put(path, content));
  }

  @Override
  public boolean create(StoragePath path, byte[] content) {
    return call(Operation.CREATE, path, () -> store.create(path, content));
  }

  @Override
  public boolean createPrivate(StoragePath path, byte[] content) {
    return call(Operation.CREATE, path, () -> store.createPrivate(path, content));
  }

  @Override
  public void putVolatile(StoragePath path, byte[] content) {
    run(Operation.PUT_VOLATILE, path, () -> store.putVolatile(path, content));
  }

  @Override
  public Appending append(StoragePath path) {
    return call(Operation.APPEND, path, () -> faulty(store.append(path), path));
  }

  @Override
  public Appending begin(StoragePath path) {
    return call(Operation.BEGIN, path, () -> faulty(store.begin(path), path));
  }

  private Appending faulty(Appending answer, StoragePath path) {
    return switch (answer) {
      case Appending.Open open ->
          new Appending.Open(new FaultyWriter(open.writer(), path, faults, this));
      case Appending.Busy busy -> busy;
      case Appending.Missing missing -> missing;
    };
  }

  @Override
  public boolean move(StoragePath from, StoragePath to) {
    return call(Operation.MOVE, from, () -> store.move(from, to));
  }

  @Override
  public void touch(StoragePath path) {
    store.touch(path);
  }

  @Override
  public boolean delete(StoragePath path) {
    return call(Operation.DELETE, path, () -> store.delete(path));
  }

  @Override
  public boolean deleteTree(StoragePath path) {
    return call(Operation.DELETE_TREE, path, () -> store.deleteTree(path));
  }

  @Override
  public boolean discard(StoragePath folder) {
    return call(Operation.DELETE_TREE, folder, () -> store.discard(folder));
  }

  @Override
  public Optional<List<String>> list(StoragePath folder) {
    return call(Operation.LIST, folder, () -> store.list(folder));
  }

  @Override
  public boolean visit(StoragePath folder, Consumer<String> visitor) {
    return call(Operation.LIST, folder, () -> store.visit(folder, visitor));
  }

  @Override
  public boolean sync(StoragePath path) {
    return call(Operation.SYNC, path, () -> store.sync(path));
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

  @Override
  public String toString() {
    return "faulty " + store.traits().name() + ", " + faults;
  }

  void run(Operation operation, StoragePath path, Runnable step) {
    Boolean _ =
        call(
            operation,
            path,
            () -> {
              step.run();
              return true;
            });
  }

  <T> T call(Operation operation, StoragePath path, Supplier<T> step) {
    Optional<Fault> fault = faults.next(operation);
    if (fault.isEmpty()) {
      return step.get();
    }
    if (fault.get() == Fault.FAILED_SYNC) {
      T ignored = step.get();
      if (ignored instanceof Appending.Open open) {
        open.writer().close();
      }
    }
    throw exception(fault.get(), operation, path);
  }

  private StorageException exception(Fault fault, Operation operation, StoragePath path) {
    String text = "planted: " + operation + " of " + path + ", " + faults;
    return switch (fault) {
      case IO_ERROR -> new StorageException.Broken(text, new IOException("Input/output error"));
      case FAILED_SYNC -> new StorageException.Broken(text, new IOException("sync failed"));
      case NO_SPACE, SHORT_WRITE ->
          new StorageException.OutOfSpace(text, new IOException("No space left on device"));
    };
  }
}
