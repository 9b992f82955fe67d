package dev.berth.server.load;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The report as one page, for light and dark screens, which asks nobody for a script, a font or a
/// picture.
final class HtmlReport {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>berth load</title>
      <style>
      :root { --ink: #1b1f24; --soft: #59626e; --paper: #fff; --rule: #d8dee6;
        --c0: #0b62c4; --c1: #b4500f; --c2: #5aa0ee; --c3: #e89a5c; --bad: #b3261e; }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #e6e9ee; --soft: #9aa5b3; --paper: #14171b; --rule: #333a43;
          --c0: #6cb0ff; --c1: #ffa05c; --c2: #3b76b8; --c3: #b86a32; --bad: #ff8a80; } }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
        max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; }
      th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--rule); text-align: right;
        font-variant-numeric: tabular-nums; vertical-align: top; }
      th:first-child, td:first-child, .words td, .words th { text-align: left; }
      code { overflow-wrap: anywhere; } .bad { color: var(--bad); font-weight: 600; }
      figure { margin: 1.5rem 0; } figcaption { font-weight: 600; }
      svg { width: 100%; height: auto; display: block; }
      svg text { fill: var(--soft); font-size: 12px; }
      .grid { stroke: var(--rule); fill: none; }
      polyline { fill: none; stroke-width: 1.8; }
      .legend { margin: 0; color: var(--soft); } .legend span { margin-right: 1.2rem; }
      .legend span::before { content: ""; display: inline-block; width: 1rem; height: .2rem;
        margin-right: .4rem; vertical-align: middle; background: currentColor; }
      .line0 { stroke: var(--c0); } .key0 { color: var(--c0); }
      .line1 { stroke: var(--c1); } .key1 { color: var(--c1); }
      .line2 { stroke: var(--c2); stroke-dasharray: 5 3; } .key2 { color: var(--c2); }
      .line3 { stroke: var(--c3); stroke-dasharray: 5 3; } .key3 { color: var(--c3); }
      .bad0 .line0 { stroke: var(--bad); } .bad0 .key0 { color: var(--bad); }
      </style></head><body>
      <h1>berth load</h1>
      """;

  private final LoadReport report;
  private final StringBuilder page = new StringBuilder(HEAD);

  private HtmlReport(LoadReport report) {
    this.report = report;
  }

  static String of(LoadReport report) {
    var made = new HtmlReport(report);
    made.summary();
    made.charts();
    made.table();
    made.errors();
    return made.page.append("</body></html>\n").toString();
  }

  private void summary() {
    paragraph("", TextReport.summary(report) + ", begun " + report.time().started());
    Verified verified = report.verified();
    paragraph(
        verified.found() == verified.acknowledged() ? "" : "bad", TextReport.images(verified));
    verified.losses().forEach(loss -> paragraph("bad", "lost " + loss));
    paragraph("", TextReport.cleaned(report.cleaned()));
    if (report.waits() > 0) {
      paragraph("", TextReport.waits(report));
    }
  }

  private void paragraph(String kind, String text) {
    page.append("<p class=\"")
        .append(kind)
        .append("\">")
        .append(Html.escaped(text))
        .append("</p>\n");
  }

  private void charts() {
    double[] times = values(Second::end);
    page.append(
        new LineChart("Pushes and pulls per second", times)
            .with("pushes", rates(Second::pushes))
            .with("pulls", rates(Second::pulls))
            .svg());
    page.append(
        new LineChart("Latency in ms", times)
            .with("push p99", values(second -> second.push().p99Millis()))
            .with("pull p99", values(second -> second.pull().p99Millis()))
            .with("push p50", values(second -> second.push().p50Millis()))
            .with("pull p50", values(second -> second.pull().p50Millis()))
            .svg());
    page.append("<div class=\"bad0\">")
        .append(
            new LineChart("Errors per second, those that were tried again too", times)
                .with("errors", rates(Second::errors))
                .svg())
        .append("</div>\n");
  }

  private double[] values(ToDoubleFunction<Second> value) {
    return report.seconds().stream().mapToDouble(value).toArray();
  }

  /// The last second of the series may be a short one.
  private double[] rates(ToDoubleFunction<Second> count) {
    double[] ends = values(Second::end);
    double[] rates = values(count);
    double least = 0.001;
    for (int i = 0; i < rates.length; i++) {
      rates[i] /= Math.max(least, ends[i] - (i == 0 ? 0 : ends[i - 1]));
    }
    return rates;
  }

  private void table() {
    page.append("<h2>Latencies</h2>\n<div class=\"wide\"><table>\n");
    row("th", "", TextReport.heads());
    for (Operation operation : Operation.values()) {
      row("td", operation.title(), TextReport.row(report, report.of(operation)));
    }
    for (RequestKind kind : report.kinds()) {
      row("td", "· " + kind.title(), TextReport.row(report, report.of(kind)));
    }
    page.append("</table></div>\n");
  }

  private void row(String element, String title, List<String> cells) {
    page.append("<tr>");
    if (!title.isEmpty()) {
      cell(element, title);
    }
    cells.forEach(text -> cell(element, text));
    page.append("</tr>\n");
  }

  private void cell(String element, String text) {
    page.append('<').append(element).append('>').append(Html.escaped(text));
    page.append("</").append(element).append('>');
  }

  private void errors() {
    page.append("<h2>Errors</h2>\n");
    if (report.errors().isEmpty()) {
      paragraph("", "None.");
      return;
    }
    page.append("<div class=\"wide\"><table class=\"words\">\n");
    row("th", "", List.of("what", "why", "failed", "tried again", "first", "last", "example"));
    for (ErrorLine error : report.errors()) {
      row(
          "td",
          "",
          List.of(
              error.request().title() + " of " + error.operation().title(),
              error.reason(),
              Long.toString(error.failed()),
              Long.toString(error.retried()),
              time(error.firstSecond()),
              time(error.lastSecond()),
              error.example()));
    }
    page.append("</table></div>\n");
  }

  private static String time(double second) {
    return String.format(Locale.ROOT, "%.1f s", second);
  }
}
