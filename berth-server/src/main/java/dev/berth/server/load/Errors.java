package dev.berth.server.load;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Failures by what failed and why. Keeps no more than some hundred reasons apart: what a server
/// says may differ each time. Safe for use by many threads.
final class Errors {
  private static final int MOST_REASONS = 200;
  private static final String REST = "other reasons";

  private final Map<Key, ErrorLine> lines = new HashMap<>();
  private long count;

  private record Key(Operation operation, RequestKind request, String reason) {}

  /// Counts one.
  ///
  /// @param second of the load
  /// @param again whether the operation is tried again
  synchronized void add(Operation operation, RequestFailure failure, double second, boolean again) {
    count++;
    var own = new Key(operation, failure.kind(), failure.reason());
    Key key =
        lines.containsKey(own) || lines.size() < MOST_REASONS
            ? own
            : new Key(operation, failure.kind(), REST);
    lines.merge(
        key,
        new ErrorLine(
            operation,
            failure.kind(),
            key.reason(),
            again ? 1 : 0,
            again ? 0 : 1,
            second,
            second,
            String.valueOf(failure.getMessage())),
        Errors::sum);
  }

  private static ErrorLine sum(ErrorLine old, ErrorLine added) {
    return new ErrorLine(
        old.operation(),
        old.request(),
        old.reason(),
        old.retried() + added.retried(),
        old.failed() + added.failed(),
        Math.min(old.firstSecond(), added.firstSecond()),
        Math.max(old.lastSecond(), added.lastSecond()),
        old.example());
  }

  synchronized long count() {
    return count;
  }

  /// The most frequent first.
  synchronized List<ErrorLine> lines() {
    return lines.values().stream()
        .sorted(
            Comparator.comparingLong(ErrorLine::count)
                .reversed()
                .thenComparingDouble(ErrorLine::firstSecond)
                .thenComparing(ErrorLine::reason))
        .toList();
  }
}
