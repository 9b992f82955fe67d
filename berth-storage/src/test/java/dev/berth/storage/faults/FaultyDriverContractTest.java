package dev.berth.storage.faults;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriverContract;
import dev.berth.storage.memory.MemoryDriver;
import java.time.InstantSource;

/// Without faults it is a store like any other.
final class FaultyDriverContractTest extends StorageDriverContract {
  private final StorageDriver driver =
      new FaultyDriver(new MemoryDriver(1L << 30, InstantSource.system()), new Faults(1));

  @Override
  protected StorageDriver open() {
    return driver;
  }
}
