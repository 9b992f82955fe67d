package dev.berth.server.health;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A check that is made again and again, and what it last found. A look that takes longer than its
/// limit is as bad as one that fails, and no second one is begun before it returns.
final class WatchedCheck implements Runnable {
  private static final System.Logger LOG = System.getLogger(HealthMonitor.class.getName());
  private static final long IDLE = Long.MIN_VALUE;

  private final HealthCheck check;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong lookingSince = new AtomicLong(IDLE);
  private final AtomicBoolean said = new AtomicBoolean();
  private volatile boolean succeeded;
  private volatile String last = "";

  WatchedCheck(HealthCheck check) {
    this.check = check;
  }

  String name() {
    return check.name();
  }

  /// Looks again and again, each time so long after the last.
  void start(Duration first, ScheduledExecutorService threads) {
    var _ =
        threads.scheduleWithFixedDelay(
            this, first.toNanos(), check.interval().toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void run() {
    lookingSince.set(System.nanoTime());
    try {
      check.look().check();
      succeeded = true;
      if (failures.getAndSet(0) >= check.threshold()) {
        LOG.log(Level.INFO, "healthy again check={0}", check.name());
        said.set(false);
      }
    } catch (Exception e) {
      last = e.getMessage() == null ? e.toString() : e.getMessage();
      if (failures.incrementAndGet() >= check.threshold() && said.compareAndSet(false, true)) {
        LOG.log(Level.ERROR, "unhealthy check={0}: {1}", check.name(), last);
      }
    } finally {
      lookingSince.set(IDLE);
    }
  }

  /// Whether a look ever found all well.
  boolean hasSucceeded() {
    return succeeded;
  }

  /// Whether a look has not returned in its time.
  boolean hangs() {
    long since = lookingSince.get();
    return since != IDLE && System.nanoTime() - since > check.limit().toNanos();
  }

  /// What is wrong; null where all is well enough. Does no I/O.
  @Nullable String fault() {
    if (hangs()) {
      return "no answer within " + check.limit().toSeconds() + " s";
    }
    return failures.get() < check.threshold() ? null : last;
  }
}
