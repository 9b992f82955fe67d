package dev.berth.server;

import dev.berth.config.BerthConfig;
import dev.berth.config.DebugConfig;
import dev.berth.server.debug.DebugListener;
import dev.berth.server.debug.HealthPage;
import dev.berth.server.debug.Probes;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.InstantHandler;
import dev.berth.server.health.HealthCheck;
import dev.berth.server.health.HealthChecks;
import dev.berth.server.health.HealthMonitor;
import dev.berth.server.health.Readiness;
import dev.berth.server.store.Store;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What looks whether the registry is well, and who tells it. Has threads of its own: a look at a
/// store that hangs must hold up nothing else.
final class Probing implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Probing.class.getName());

  /// Readiness looks whether the store can be read, and whether it can be written to.
  private static final int STORE_LOOKS = 2;

  private final ScheduledExecutorService threads;
  private final HealthMonitor monitor;
  private final Readiness readiness;
  private final @Nullable DebugListener listener;

  /// Begins to look, and listens where the configuration says so.
  ///
  /// @param driverName as in `config.yml`, for example `filesystem`
  /// @param notes what stands in `/debug/health` and leaves its status as it is
  /// @param pages what else the debug listener answers, by exact paths
  /// @throws IOException it cannot listen
  Probing(
      BerthConfig config,
      Store store,
      String driverName,
      Supplier<SortedMap<String, String>> notes,
      Map<String, HttpHandler> pages)
      throws IOException {
    List<HealthCheck> checks = HealthChecks.of(config.health(), driverName, store::probe);
    threads =
        Executors.newScheduledThreadPool(
            checks.size() + STORE_LOOKS, Thread.ofPlatform().daemon().name("probe-", 0).factory());
    monitor = new HealthMonitor(checks, threads);
    HealthCheck.Look write = config.storage().readOnly() ? null : store::probeWriting;
    readiness = new Readiness(monitor, store::probe, write, threads);
    DebugConfig debug = config.http().debug();
    listener = debug == null ? null : listen(debug, notes, pages);
  }

  private DebugListener listen(
      DebugConfig debug, Supplier<SortedMap<String, String>> notes, Map<String, HttpHandler> pages)
      throws IOException {
    boolean listens = false;
    try {
      List<InstantHandler> instant =
          List.of(new Probes(readiness, true), new HealthPage(monitor, notes));
      DebugListener started = DebugListener.start(debug.addr(), instant, pages);
      LOG.log(Level.INFO, "debug listener on " + started.address());
      listens = true;
      return started;
    } finally {
      if (!listens) {
        threads.shutdownNow();
      }
    }
  }

  /// Whether the registry is well, for `/` and for writes.
  boolean isHealthy() {
    return monitor.isHealthy();
  }

  Readiness readiness() {
    return readiness;
  }

  /// What the serving port answers of it.
  InstantHandler publicProbes() {
    return new Probes(readiness, false);
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
    threads.shutdownNow();
  }
}
