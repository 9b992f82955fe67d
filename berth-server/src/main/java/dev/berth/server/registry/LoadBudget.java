package dev.berth.server.registry;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Bounds the bytes of the large manifests that are being loaded at one time, so that parallel
/// reads do not exhaust the heap. Safe for use by many threads.
///
/// It ends with the loading: bytes of answers that wait for their clients are not counted.
final class LoadBudget {
  /// Smaller manifests cost nothing: there are no more of them at one time than threads.
  static final int FREE_BYTES = 64 << 10;

  private static final int SHARE = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Semaphore bytesLeft;
  private final int most;
  private final Duration patience;

  /// @param least bytes, however small the heap is: those of the largest manifest
  static LoadBudget ofHeap(int least) {
    long share = Math.max(least, Runtime.getRuntime().maxMemory() / SHARE);
    return new LoadBudget((int) Math.min(Integer.MAX_VALUE, share), PATIENCE);
  }

  /// @param most bytes at one time
  /// @param patience how long a load waits for others to end
  LoadBudget(int most, Duration patience) {
    this.most = most;
    this.patience = patience;
    this.bytesLeft = new Semaphore(most, true);
  }

  /// Waits until there is room for a manifest of this size.
  ///
  /// @throws RegistryException UNAVAILABLE, if there was none in time
  Lease acquire(long size) {
    int counted = size <= FREE_BYTES ? 0 : (int) Math.min(most, size);
    try {
      if (counted == 0
          || bytesLeft.tryAcquire(counted, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Lease(bytesLeft, counted);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw new RegistryException(ErrorCode.UNAVAILABLE, "too many large manifests at one time");
  }

  /// Room until it is closed; to be closed once.
  record Lease(Semaphore bytesLeft, int counted) implements AutoCloseable {
    @Override
    public void close() {
      bytesLeft.release(counted);
    }
  }
}
