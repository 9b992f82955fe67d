package dev.berth.server.registry;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.memory.MemoryDriver;
import java.time.InstantSource;

class MemoryStoredRegistryTest extends RegistryContract {
  private static final long CAPACITY = 1 << 20;

  @Override
  StorageDriver newDriver() {
    return new MemoryDriver(CAPACITY, InstantSource.system());
  }
}
