package dev.berth.server.load;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a load showed.
///
/// @param requests without those before and after the load
/// @param waits how many requests were told to come again later
/// @param seconds the course of the load, in order
public record LoadReport(
    URI url,
    LoadPlan plan,
    Time time,
    Map<Operation, Figures> operations,
    Map<RequestKind, Figures> requests,
    long waits,
    List<ErrorLine> errors,
    List<Second> seconds,
    Verified verified,
    Cleaned cleaned) {
  /// When it was.
  ///
  /// @param elapsed until the last user was done, without what is verified and deleted after it
  /// @param endedBy `time`, `signal`, or `images` where there were too many
  record Time(Instant started, Duration elapsed, String endedBy) {
    private static final double NANOS = 1e9;

    double seconds() {
      return elapsed.toNanos() / NANOS;
    }

    double perSecond(double count) {
      return elapsed.isZero() ? 0 : count / seconds();
    }
  }

  public LoadReport {
    operations = Map.copyOf(operations);
    requests = Map.copyOf(requests);
    errors = List.copyOf(errors);
    seconds = List.copyOf(seconds);
  }

  /// Whether no operation failed and everything that was acknowledged is there.
  public boolean isClean() {
    return operations.values().stream().allMatch(figures -> figures.failed() == 0)
        && verified.found() == verified.acknowledged();
  }

  Figures of(Operation operation) {
    return Objects.requireNonNull(operations.get(operation));
  }

  Figures of(RequestKind kind) {
    return Objects.requireNonNull(requests.get(kind));
  }

  /// The kinds of requests that were made, in their order.
  List<RequestKind> kinds() {
    return Arrays.stream(RequestKind.values())
        .filter(requests::containsKey)
        .filter(kind -> of(kind).count() + of(kind).failed() > 0)
        .toList();
  }

  /// For people: tables of text.
  public String toText() {
    return TextReport.of(this);
  }

  /// For programs; the fields are those of `docs/load.md`.
  public byte[] toJson() {
    return JsonReport.of(this);
  }

  /// One page with charts that needs nothing from elsewhere.
  public String toHtml() {
    return HtmlReport.of(this);
  }
}
