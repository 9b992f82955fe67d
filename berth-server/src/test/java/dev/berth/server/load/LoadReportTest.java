package dev.berth.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LoadReportTest {
  private static final String HOSTILE = "<script>alert('\"&')</script>";
  private static final Latencies TIMES = new Latencies(1.5, 2.5, 3.5, 4.5);

  private static LoadReport report(int seconds) {
    Map<Operation, Figures> operations = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      operations.put(operation, new Figures(10, 1, 2, 1 << 20, TIMES));
    }
    Map<RequestKind, Figures> requests = new EnumMap<>(RequestKind.class);
    for (RequestKind kind : RequestKind.values()) {
      if (kind != RequestKind.OTHER) {
        requests.put(kind, new Figures(20, 3, 0, 0, TIMES));
      }
    }
    List<Second> course = new ArrayList<>();
    for (int i = 1; i <= seconds; i++) {
      course.add(new Second(i, 5, 6, 7, 8, TIMES, TIMES));
    }
    return new LoadReport(
        URI.create("http://registry.example:5000"),
        Loads.plan(3, Duration.ofSeconds(30)),
        new LoadReport.Time(Loads.START, Duration.ofSeconds(10), "time"),
        operations,
        requests,
        4,
        List.of(
            new ErrorLine(
                Operation.PUSH, RequestKind.SEND_BLOB, HOSTILE, 2, 1, 0.5, 9.25, HOSTILE)),
        course,
        new Verified(10, 8, 1, 1, List.of("load/u1:u1-1: " + HOSTILE), HOSTILE),
        new Cleaned(0, 10, HOSTILE));
  }

  @Test
  void jsonSaysEverything() throws Exception {
    Map<String, Object> json = parse(report(2));

    assertThat(json)
        .containsEntry("url", "http://registry.example:5000")
        .containsEntry("started", "2026-11-28T10:00:00Z")
        .containsEntry("endedBy", "time")
        .containsEntry("clean", false);
    assertThat(object(json, "plan"))
        .containsEntry("users", 3L)
        .containsEntry("retryForSeconds", 30.0)
        .containsEntry("layerBytes", 5000L);
    assertThat(object(object(json, "operations"), "push"))
        .containsEntry("count", 10L)
        .containsEntry("failed", 1L)
        .containsEntry("retried", 2L)
        .containsEntry("perSecond", 1.0)
        .containsEntry("p99Millis", 3.5);
    assertThat(object(json, "requests")).hasSize(RequestKind.values().length - 1);
    assertThat(JSONObjectUtils.getJSONObjectArray(json, "errors")[0])
        .containsEntry("reason", HOSTILE)
        .containsEntry("lastSecond", 9.25);
    assertThat(object(json, "images")).containsEntry("lost", 1L).containsEntry("notVerified", 1L);
    assertThat(JSONObjectUtils.getJSONObjectArray(json, "series"))
        .hasSize(2)
        .allSatisfy(
            second ->
                assertThat(second).containsEntry("errors", 7L).containsEntry("pullP99Millis", 3.5));
  }

  private static Map<String, Object> parse(LoadReport report) throws Exception {
    return JSONObjectUtils.parse(new String(report.toJson(), StandardCharsets.UTF_8));
  }

  private static Map<String, Object> object(Map<String, Object> json, String name)
      throws Exception {
    return Objects.requireNonNull(JSONObjectUtils.getJSONObject(json, name));
  }

  @Test
  void thePageHasChartsAndNothingFromElsewhere() {
    String page = report(100).toHtml();

    assertThat(Pattern.compile("<svg ").matcher(page).results()).hasSize(3);
    assertThat(Pattern.compile("<polyline ").matcher(page).results()).hasSize(7);
    assertThat(page)
        .contains("prefers-color-scheme: dark", "<td>push</td>", "p99 ms", "&lt;script&gt;")
        .doesNotContain("<script", "src=", "href=", "@import", "url(", HOSTILE);
    assertThat(page.chars().filter(c -> c == '<').count())
        .isEqualTo(page.chars().filter(c -> c == '>').count());
  }

  @Test
  void aLongLoadHasAPageOfBoundedSize() {
    assertThat(report(86_400).toHtml().length()).isLessThan(100_000);
    assertThat(report(0).toHtml()).contains("<svg ");
    assertThat(report(1).toHtml()).contains("<circle ").doesNotContain("NaN");
  }

  @Test
  void textIsAlignedAndNamesLosses() {
    String text = report(2).toText();

    List<String> table = text.lines().skip(2).takeWhile(line -> !line.isEmpty()).toList();
    assertThat(table).hasSize(3 + RequestKind.values().length - 1);
    assertThat(table).allMatch(line -> line.length() == table.getFirst().length());
    assertThat(text)
        .contains("4 requests told to wait")
        .contains("3 times send blob of push: ")
        .contains("10 acknowledged, 8 found, 1 lost, 1 not verified: ")
        .contains("  lost load/u1:u1-1: ");
  }

  @Test
  void progressIsWrittenOverItselfOnATerminalOnly() {
    var terminal = new ByteArrayOutputStream();
    var file = new ByteArrayOutputStream();
    var rewritten = new ProgressLine(new PrintStream(terminal, true, StandardCharsets.UTF_8), true);
    var rare = new ProgressLine(new PrintStream(file, true, StandardCharsets.UTF_8), false);
    for (int i = 1; i <= 20; i++) {
      rewritten.show(new Second(i, 5, 6, 0, 3 << 20, TIMES, TIMES), 3, 1);
      rare.show(new Second(i, 5, 6, 0, 3 << 20, TIMES, TIMES), 3, 1);
    }
    rewritten.end();
    rare.end();

    assertThat(terminal.toString(StandardCharsets.UTF_8).lines()).hasSize(21);
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .startsWith("\r    1 s  3 users  5.0 pushes/s  6.0 pulls/s  3.0 MiB/s  1 errors");
    assertThat(file.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "   10 s  3 users  5.0 pushes/s  6.0 pulls/s  3.0 MiB/s  1 errors",
            "   20 s  3 users  5.0 pushes/s  6.0 pulls/s  3.0 MiB/s  1 errors");
  }
}
