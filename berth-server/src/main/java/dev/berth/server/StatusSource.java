package dev.berth.server;

import dev.berth.server.engine.HttpEngine;
import dev.berth.server.events.Notifications;
import dev.berth.server.health.Readiness;
import dev.berth.server.http.AdminStatus;
import dev.berth.server.registry.StoredRegistry;
import dev.berth.server.reload.Reloads;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks the parts of a running server how they are. From memory: it tells of a store that hangs.
final class StatusSource implements Supplier<AdminStatus> {
  private final String replica;
  private final Readiness readiness;
  private final Reloads reloads;
  private final StoredRegistry registry;
  private final Notifications notifications;
  private volatile @Nullable HttpEngine engine;

  StatusSource(
      String replica,
      Readiness readiness,
      Reloads reloads,
      StoredRegistry registry,
      Notifications notifications) {
    this.replica = replica;
    this.readiness = readiness;
    this.reloads = reloads;
    this.registry = registry;
    this.notifications = notifications;
  }

  /// From now on this serves requests; it is started last.
  void serve(HttpEngine started) {
    engine = started;
  }

  @Override
  public AdminStatus get() {
    HttpEngine started = engine;
    return new AdminStatus(
        Main.version(),
        replica,
        readiness.forReading(),
        readiness.forWriting(),
        reloads.states(),
        new AdminStatus.Load(
            started == null ? 0 : started.load().connections(),
            started == null ? 0 : started.inFlight(),
            registry.openUploads()),
        notifications.counts().stream()
            .map(
                counts ->
                    new AdminStatus.Queue(
                        counts.endpoint(),
                        counts.pending(),
                        counts.deadLetters(),
                        counts.dropped()))
            .toList());
  }
}
