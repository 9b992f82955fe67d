package dev.berth.server.metrics;

import dev.berth.storage.Space;
import dev.berth.storage.StorageException;
import dev.berth.storage.watched.DriverWatcher;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Times the calls of a driver, under the actions of registry 2.8.2, and counts those that failed.
public final class StorageMetrics implements DriverWatcher {
  private final Map<Action, Distribution> times = new EnumMap<>(Action.class);
  private final LongAdder failures = new LongAdder();
  private volatile @Nullable Space space;

  /// @param name of the driver
  public StorageMetrics(String name, Metrics metrics) {
    Histogram actions =
        metrics.histogram(
            "registry_storage_action_seconds",
            "The number of seconds that the storage action takes",
            Scale.ACTION_SECONDS,
            "action",
            "driver");
    for (Action action : Action.values()) {
      times.put(action, actions.of(action.word(), name));
    }
    // The actions of 2.8.2 and of distribution 3 for addresses that clients are sent to.
    Distribution _ = actions.of("URLFor", name);
    Distribution _ = actions.of("RedirectURL", name);
    metrics.counter(
        "berth_storage_failures",
        "Calls of the store that failed.",
        List.of("driver"),
        sink -> sink.value(failures.sum(), name));
    metrics.gauge(
        "berth_storage_free_bytes",
        "Bytes that can still be written to the store, when it was last looked at.",
        List.of(),
        sink -> space(sink, true));
    metrics.gauge(
        "berth_storage_total_bytes",
        "Bytes that the store can hold, when it was last looked at.",
        List.of(),
        sink -> space(sink, false));
  }

  private void space(Metrics.Sink sink, boolean free) {
    Space last = space;
    if (last != null && last.total() != Long.MAX_VALUE) {
      sink.value(free ? last.usable() : last.total());
    }
  }

  @Override
  public <T> T watch(Action action, Supplier<T> call) {
    long start = System.nanoTime();
    try {
      return call.get();
    } catch (StorageException e) {
      failures.increment();
      throw e;
    } finally {
      Objects.requireNonNull(times.get(action)).since(start);
    }
  }

  @Override
  public void writeFailed() {
    failures.increment();
  }

  @Override
  public void saw(Space now) {
    space = now;
  }
}
