package dev.berth.server.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/// Everything that is counted while the load runs. Safe for use by many threads.
final class Measurements implements RequestMeter {
  private static final double NANOS = 1e9;
  private static final Latencies NOTHING = new Latencies(0, 0, 0, 0);

  private final long startNanos = System.nanoTime();
  private final Map<RequestKind, Tally> requests = new EnumMap<>(RequestKind.class);
  private final Map<Operation, Tally> operations = new EnumMap<>(Operation.class);
  private final Map<Operation, LatencyHistogram> lately = new EnumMap<>(Operation.class);
  private final Errors errors = new Errors();
  private final LongAdder waits = new LongAdder();
  private final List<Second> seconds = new ArrayList<>();
  private Second sums = new Second(0, 0, 0, 0, 0, NOTHING, NOTHING);

  Measurements() {
    for (RequestKind kind : RequestKind.values()) {
      requests.put(kind, new Tally());
    }
    for (Operation operation : Operation.values()) {
      operations.put(operation, new Tally());
      lately.put(operation, new LatencyHistogram());
    }
  }

  private Tally tally(RequestKind kind) {
    return Objects.requireNonNull(requests.get(kind));
  }

  private Tally tally(Operation operation) {
    return Objects.requireNonNull(operations.get(operation));
  }

  private LatencyHistogram lately(Operation operation) {
    return Objects.requireNonNull(lately.get(operation));
  }

  /// Since the load began.
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /// Seconds since the load began.
  double elapsedSeconds() {
    return (System.nanoTime() - startNanos) / NANOS;
  }

  @Override
  public void answered(RequestKind kind, long nanos, long bytes) {
    tally(kind).succeeded(nanos, bytes);
  }

  @Override
  public void toldToWait() {
    waits.increment();
  }

  void succeeded(Operation operation, long nanos, long bytes) {
    lately(operation).add(nanos);
    tally(operation).succeeded(nanos, bytes);
  }

  /// An attempt failed.
  ///
  /// @param again whether another follows
  void failed(Operation operation, RequestFailure failure, boolean again) {
    tally(failure.kind()).failed();
    if (again) {
      tally(operation).retried();
    } else {
      tally(operation).failed();
    }
    errors.add(operation, failure, elapsedSeconds(), again);
  }

  /// Ends a second of the series; to be called about once in each.
  synchronized Second endSecond() {
    Figures push = figures(Operation.PUSH);
    Figures pull = figures(Operation.PULL);
    Second now =
        new Second(
            elapsedSeconds(),
            push.count(),
            pull.count(),
            errors.count(),
            push.bytes() + pull.bytes(),
            lately(Operation.PUSH).take(),
            lately(Operation.PULL).take());
    Second ended =
        new Second(
            now.end(),
            now.pushes() - sums.pushes(),
            now.pulls() - sums.pulls(),
            now.errors() - sums.errors(),
            now.bytes() - sums.bytes(),
            now.push(),
            now.pull());
    sums = now;
    seconds.add(ended);
    return ended;
  }

  synchronized List<Second> seconds() {
    return List.copyOf(seconds);
  }

  Figures figures(Operation operation) {
    return tally(operation).figures();
  }

  Figures figures(RequestKind kind) {
    return tally(kind).figures();
  }

  List<ErrorLine> errors() {
    return errors.lines();
  }

  long errorCount() {
    return errors.count();
  }

  long waits() {
    return waits.sum();
  }
}
