package dev.berth.server.store;

import dev.berth.config.SpaceConfig;
import dev.berth.storage.Space;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StorageException;
import dev.berth.storage.StorageWriter;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// Keeps room in the store for what must go on when it is full: no new uploads below the watermark,
/// and a reserve file that is given up so that deletes and manifests still find room.
public final class SpaceGuard {
  private static final int PIECE = 1 << 20;

  private final StorageDriver driver;
  private final SpaceConfig limits;

  SpaceGuard(StorageDriver driver, SpaceConfig limits) {
    this.driver = driver;
    this.limits = limits;
  }

  /// Whether there is room to begin another upload.
  public boolean roomForUploads() {
    Space space = driver.space();
    return space.usable() >= watermark(space);
  }

  /// Does `work`, which may be done twice; where the store is full, gives up the reserve and tries
  /// once more.
  ///
  /// @throws StorageException.OutOfSpace there was no reserve left, or it was not enough
  public <T> T withReserve(Supplier<T> work) {
    try {
      return work.get();
    } catch (StorageException.OutOfSpace _) {
      // Another may just have given it up: there is room all the same.
      boolean _ = driver.delete(StoreLayout.RESERVE);
      return work.get();
    }
  }

  /// Sets the reserve aside, if it is not there and there is ample room. Called at start and now
  /// and then. It need not be durable, and is written in pieces: it may be larger than memory
  /// allows.
  public void refill() {
    Space space = driver.space();
    long reserve = space.total() == Long.MAX_VALUE ? 0 : limits.reserveBytes(space.total());
    if (reserve == 0
        || space.usable() < watermark(space) + reserve
        || driver.stat(StoreLayout.RESERVE).filter(info -> info.size() == reserve).isPresent()) {
      return;
    }
    driver.putVolatile(StoreLayout.RESERVE, new byte[0]);
    if (driver.append(StoreLayout.RESERVE) instanceof Appending.Open(StorageWriter writer)) {
      try (writer) {
        for (long left = reserve; left > 0; left -= PIECE) {
          writer.write(ByteBuffer.allocate((int) Math.min(left, PIECE)));
        }
      }
    }
  }

  private long watermark(Space space) {
    return space.total() == Long.MAX_VALUE ? 0 : limits.watermarkBytes(space.total());
  }
}
