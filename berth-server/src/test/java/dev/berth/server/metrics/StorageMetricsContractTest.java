package dev.berth.server.metrics;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriverContract;
import dev.berth.storage.memory.MemoryDriver;
import dev.berth.storage.watched.WatchedDriver;
import java.time.InstantSource;

final class StorageMetricsContractTest extends StorageDriverContract {
  private final StorageDriver driver = new MemoryDriver(1L << 30, InstantSource.system());

  @Override
  protected StorageDriver open() {
    return new WatchedDriver(driver, new StorageMetrics("inmemory", new Metrics()));
  }
}
