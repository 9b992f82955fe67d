package dev.berth.server.health;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/// Whether requests should be sent here. The store is looked at in the background, for reading and
/// for writing apart; every answer is given from memory.
public final class Readiness {
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration WATCHED = Duration.ofMinutes(1);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final HealthMonitor monitor;
  private final WatchedCheck reading;
  private final @Nullable WatchedCheck writing;
  private volatile boolean draining;
  private volatile long askedNanos;
  private volatile boolean asked;

  /// One thing that readiness depends on.
  ///
  /// @param fault null where it is well
  public record State(String name, @Nullable String fault) {}

  /// Starts to look at the store, at once.
  ///
  /// @param read looks whether the store can be read
  /// @param write looks whether it can be written to; null where nobody writes
  /// @param threads two that nobody else uses: a look may hang
  public Readiness(
      HealthMonitor monitor,
      HealthCheck.Look read,
      HealthCheck.@Nullable Look write,
      ScheduledExecutorService threads) {
    this.monitor = monitor;
    this.reading = watch("store-read", read, threads);
    this.writing = write == null ? null : watch("store-write", write, threads);
  }

  private static WatchedCheck watch(
      String name, HealthCheck.Look look, ScheduledExecutorService threads) {
    var watched = new WatchedCheck(new HealthCheck(name, INTERVAL, 1, LIMIT, look));
    watched.start(Duration.ZERO, threads);
    return watched;
  }

  /// From now on new requests belong elsewhere: this process is about to end.
  public void draining() {
    draining = true;
  }

  /// Somebody asks for it, to send requests here or elsewhere.
  public void asked() {
    askedNanos = System.nanoTime();
    asked = true;
  }

  /// Whether somebody asked in the last minute.
  public boolean isWatched() {
    return asked && System.nanoTime() - askedNanos < WATCHED.toNanos();
  }

  /// Whether the store has answered once since the start.
  public boolean isStarted() {
    return reading.hasSucceeded();
  }

  /// Whether the store does not answer at all just now.
  public boolean storeHangs() {
    return reading.hangs() || (writing != null && writing.hangs());
  }

  /// What pulls depend on.
  public List<State> forReading() {
    List<State> states = new ArrayList<>();
    states.add(new State("serving", draining ? "the server is stopping" : null));
    states.add(state(reading));
    states.add(new State("health", monitor.isHealthy() ? null : monitor.faults().toString()));
    return states;
  }

  /// What pushes depend on.
  public List<State> forWriting() {
    List<State> states = forReading();
    states.add(writing == null ? new State("store-write", "read-only") : state(writing));
    return states;
  }

  private static State state(WatchedCheck check) {
    String fault = check.fault();
    return new State(
        check.name(), fault == null && !check.hasSucceeded() ? "not looked at yet" : fault);
  }
}
