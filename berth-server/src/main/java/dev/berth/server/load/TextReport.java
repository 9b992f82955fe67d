package dev.berth.server.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The report as lines of text.
final class TextReport {
  private static final double MEBI = 1 << 20;
  private static final List<String> HEADS =
      List.of(
          "", "n", "failed", "retried", "per s", "MiB/s", "p50 ms", "p90 ms", "p99 ms", "max ms");

  private final LoadReport report;
  private final StringBuilder text = new StringBuilder();

  private TextReport(LoadReport report) {
    this.report = report;
  }

  static String of(LoadReport report) {
    var made = new TextReport(report);
    made.line(summary(report));
    made.table();
    made.errors();
    made.line(images(report.verified()));
    report.verified().losses().forEach(loss -> made.line("  lost " + loss));
    made.line(cleaned(report.cleaned()));
    return made.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /// What was done, in one line.
  static String summary(LoadReport report) {
    LoadPlan plan = report.plan();
    String end =
        switch (report.time().endedBy()) {
          case "signal" -> ", told to stop";
          case "images" -> ", ended by the most images that it remembers";
          default -> "";
        };
    return String.format(
        Locale.ROOT,
        "%s: %d users, %.1f s, images of %d layers of %s, %d pulls after each push%s",
        report.url(),
        plan.users(),
        report.time().seconds(),
        plan.layers(),
        plan.size(),
        plan.pulls(),
        end);
  }

  /// The words of a row of figures, without its title.
  static List<String> row(LoadReport report, Figures figures) {
    Latencies times = figures.latencies();
    return List.of(
        Long.toString(figures.count()),
        Long.toString(figures.failed()),
        Long.toString(figures.retried()),
        decimal(report.time().perSecond((double) figures.count())),
        decimal(report.time().perSecond(figures.bytes() / MEBI)),
        decimal(times.p50Millis()),
        decimal(times.p90Millis()),
        decimal(times.p99Millis()),
        decimal(times.maxMillis()));
  }

  static String decimal(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }

  /// The heads of the columns; the first is empty.
  static List<String> heads() {
    return HEADS;
  }

  /// How many images were found.
  static String images(Verified verified) {
    String told =
        verified.acknowledged()
            + " acknowledged, "
            + verified.found()
            + " found, "
            + verified.lost()
            + " lost";
    return verified.notVerified() == 0
        ? told
        : told + ", " + verified.notVerified() + " not verified: " + verified.reason();
  }

  /// What became of the images.
  static String cleaned(Cleaned cleaned) {
    if (cleaned.kept() == 0) {
      return cleaned.deleted() + " deleted";
    }
    return cleaned.deleted() == 0
        ? "kept: " + cleaned.reason()
        : cleaned.deleted() + " deleted, " + cleaned.kept() + " kept: " + cleaned.reason();
  }

  /// What was refused for a while; empty where nothing was.
  static String waits(LoadReport report) {
    return report.waits() == 0
        ? ""
        : report.waits() + " requests told to wait, by 503 or 429 with Retry-After";
  }

  private void table() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADS);
    for (Operation operation : Operation.values()) {
      rows.add(titled(operation.title(), report.of(operation)));
    }
    report.kinds().forEach(kind -> rows.add(titled("  " + kind.title(), report.of(kind))));
    int[] widths = new int[HEADS.size()];
    for (List<String> row : rows) {
      Arrays.setAll(widths, column -> Math.max(widths[column], row.get(column).length()));
    }
    line("");
    rows.forEach(row -> line(aligned(row, widths)));
    line("");
    if (report.waits() > 0) {
      line(waits(report));
    }
  }

  private List<String> titled(String title, Figures figures) {
    List<String> row = new ArrayList<>(List.of(title));
    row.addAll(row(report, figures));
    return row;
  }

  private static String aligned(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder(row.getFirst());
    line.repeat(' ', widths[0] - row.getFirst().length());
    for (int column = 1; column < widths.length; column++) {
      line.repeat(' ', 2 + widths[column] - row.get(column).length()).append(row.get(column));
    }
    return line.toString();
  }

  private void errors() {
    if (report.errors().isEmpty()) {
      return;
    }
    line("errors:");
    for (ErrorLine error : report.errors()) {
      line(
          String.format(
              Locale.ROOT,
              "  %d times %s of %s: %s (%d failed, %d tried again), from second %.1f to %.1f",
              error.count(),
              error.request().title(),
              error.operation().title(),
              error.reason(),
              error.failed(),
              error.retried(),
              error.firstSecond(),
              error.lastSecond()));
      line("      " + error.example());
    }
    line("");
  }
}
