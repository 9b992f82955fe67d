package dev.berth.storage.faults;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriverContract;

/// As long as it has power it is a store like any other.
final class PowerCutDriverContractTest extends StorageDriverContract {
  private final StorageDriver driver = new PowerCutDriver(1);

  @Override
  protected StorageDriver open() {
    return driver;
  }
}
