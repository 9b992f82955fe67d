package dev.berth.server.health;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Runs health checks and knows their last results. A check that hangs counts as failed.
public final class HealthMonitor {
  private static final System.Logger LOG = System.getLogger(HealthMonitor.class.getName());

  /// A look that takes longer is as bad as one that fails: the volume hangs.
  private static final long HUNG_NANOS = Duration.ofSeconds(10).toNanos();

  private final List<State> states;

  /// Starts to look, each check on its own schedule.
  ///
  /// @param threads one for each check, or a check that hangs keeps others from being made
  public HealthMonitor(List<HealthCheck> checks, ScheduledExecutorService threads) {
    states = checks.stream().map(State::new).toList();
    for (State state : states) {
      long nanos = state.check.interval().toNanos();
      var _ = threads.scheduleWithFixedDelay(state::look, nanos, nanos, TimeUnit.NANOSECONDS);
    }
  }

  /// Whether every check is well enough. Does no I/O.
  public boolean isHealthy() {
    for (State state : states) {
      if (!state.isHealthy()) {
        return false;
      }
    }
    return true;
  }

  private static final class State {
    private static final long IDLE = Long.MIN_VALUE;

    private final HealthCheck check;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong lookingSince = new AtomicLong(IDLE);
    private final AtomicBoolean said = new AtomicBoolean();

    State(HealthCheck check) {
      this.check = check;
    }

    void look() {
      lookingSince.set(System.nanoTime());
      try {
        check.look().check();
        if (failures.getAndSet(0) >= check.threshold()) {
          LOG.log(Level.INFO, "healthy again check={0}", check.name());
          said.set(false);
        }
      } catch (Exception e) {
        if (failures.incrementAndGet() >= check.threshold() && said.compareAndSet(false, true)) {
          LOG.log(Level.ERROR, "unhealthy check={0}: {1}", check.name(), e.getMessage());
        }
      } finally {
        lookingSince.set(IDLE);
      }
    }

    boolean isHealthy() {
      long since = lookingSince.get();
      boolean hangs = since != IDLE && System.nanoTime() - since > HUNG_NANOS;
      return !hangs && failures.get() < check.threshold();
    }
  }
}
