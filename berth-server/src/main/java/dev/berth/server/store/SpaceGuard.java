package dev.berth.server.store;

import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import java.util.function.Supplier;

/// Keeps room in the store for what must go on when it is full: no new uploads below the watermark,
/// and a reserve file that is given up so that deletes and manifests still find room.
public final class SpaceGuard {
  private final StorageDriver driver;
  private final SpaceLimits limits;

  SpaceGuard(StorageDriver driver, SpaceLimits limits) {
    this.driver = driver;
    this.limits = limits;
  }

  /// Whether there is room to begin another upload.
  public boolean roomForUploads() {
    Space space = driver.space();
    return space.usable() >= limits.watermark(space.total());
  }

  /// Does `work`; where the store is full, gives up the reserve and tries once more.
  ///
  /// @throws StorageException.OutOfSpace there was no reserve left, or it was not enough
  public <T> T withReserve(Supplier<T> work) {
    try {
      return work.get();
    } catch (StorageException.OutOfSpace e) {
      if (!driver.delete(StoreLayout.RESERVE)) {
        throw e;
      }
      return work.get();
    }
  }

  /// Sets the reserve aside, if it is not there and there is ample room. Called at start and now
  /// and then.
  public void refill() {
    Space space = driver.space();
    long reserve = limits.reserve(space.total());
    if (reserve > 0
        && space.usable() >= limits.watermark(space.total()) + reserve
        && driver.stat(StoreLayout.RESERVE).isEmpty()) {
      driver.put(StoreLayout.RESERVE, new byte[Math.toIntExact(reserve)]);
    }
  }
}
