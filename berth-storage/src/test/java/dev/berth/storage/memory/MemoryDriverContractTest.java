package dev.berth.storage.memory;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriverContract;
import java.time.InstantSource;

final class MemoryDriverContractTest extends StorageDriverContract {
  private final MemoryDriver driver = new MemoryDriver(1L << 30, InstantSource.system());

  @Override
  protected StorageDriver open() {
    return driver;
  }
}
