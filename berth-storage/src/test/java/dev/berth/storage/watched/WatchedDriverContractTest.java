package dev.berth.storage.watched;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriverContract;
import dev.berth.storage.memory.MemoryDriver;
import java.time.InstantSource;
import java.util.function.Supplier;

final class WatchedDriverContractTest extends StorageDriverContract {
  private final StorageDriver driver = new MemoryDriver(1L << 30, InstantSource.system());

  @Override
  protected StorageDriver open() {
    return new WatchedDriver(
        driver,
        new DriverWatcher() {
          @Override
          public <T> T watch(Action action, Supplier<T> call) {
            return call.get();
          }
        });
  }
}
