package dev.berth.server.events;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Counts what becomes of the events of one endpoint. Safe for use by many threads.
final class EndpointMeter {
  /// An endpoint can answer with any number.
  private static final int MOST_STATUSES = 100;

  private final String endpoint;
  final LongAdder events = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder deadLetters = new LongAdder();
  final LongAdder damaged = new LongAdder();
  private final LongAdder successes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder errors = new LongAdder();
  private final LongAdder settled = new LongAdder();
  private final LongAdder takenOver = new LongAdder();
  private final Map<String, LongAdder> statuses = new ConcurrentHashMap<>();

  /// @param endpoint its name among the others
  EndpointMeter(String endpoint) {
    this.endpoint = endpoint;
  }

  void success(String status) {
    successes.increment();
    settled.increment();
    count(status);
  }

  void failure(String status) {
    failures.increment();
    count(status);
  }

  void error() {
    errors.increment();
  }

  void gaveUp(long count) {
    deadLetters.add(count);
    settled.add(count);
  }

  void drop(long count) {
    dropped.add(count);
    settled.add(count);
  }

  /// An event of a process that died is this one's now.
  void tookOver() {
    takenOver.increment();
  }

  EndpointCounts counts() {
    return new EndpointCounts(
        endpoint,
        events.sum(),
        successes.sum(),
        failures.sum(),
        errors.sum(),
        Math.max(0, events.sum() + takenOver.sum() - settled.sum()),
        dropped.sum(),
        deadLetters.sum(),
        damaged.sum(),
        statuses.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> e.getValue().sum())));
  }

  private void count(String status) {
    String known = statuses.size() < MOST_STATUSES ? status : "other";
    statuses.computeIfAbsent(known, _ -> new LongAdder()).increment();
  }
}
