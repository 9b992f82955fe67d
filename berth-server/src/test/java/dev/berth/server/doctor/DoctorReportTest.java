package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.doctor.Finding.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DoctorReportTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private DoctorReport report(boolean json) {
    return new DoctorReport(new PrintStream(out, true, StandardCharsets.UTF_8), json);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void showsGroupsLinesAdviceAndCounts() {
    DoctorReport report = report(false);
    report.accept(new Finding(Verdict.OK, "storage", "can be written", ""));
    report.accept(new Finding(Verdict.WARN, "storage", "nearly full", "make it larger"));
    report.accept(new Finding(Verdict.SKIP, "push", "not allowed", ""));

    assertThat(report.end()).isTrue();
    assertThat(out())
        .isEqualTo(
            """
            storage
              ok    can be written
              warn  nearly full
                    make it larger
            push
              skip  not allowed
            1 ok, 0 notes, 1 warnings, 0 failed, 1 skipped
            """);
  }

  @Test
  void jsonSaysTheSame() throws IOException {
    DoctorReport report = report(true);
    report.accept(new Finding(Verdict.FAIL, "api", "a \"quoted\" word", "do"));

    assertThat(report.end()).isFalse();
    JsonValue told = JsonValue.parse(out().getBytes(StandardCharsets.UTF_8));
    assertThat(told.at("findings").items())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.at("verdict").text()).isEqualTo("fail");
              assertThat(one.at("what").text()).isEqualTo("a \"quoted\" word");
              assertThat(one.at("todo").text()).isEqualTo("do");
            });
    assertThat(told.at("counts", "fail").number(0)).isOne();
    assertThat(out().lines()).hasSize(1);
  }

  @Test
  void whatAServerSaysMovesNoCursor() {
    assertThat(new Finding(Verdict.OK, "api", "a\u001b[2J\r\n\u009bb", "").what())
        .isEqualTo("a [2J b");
  }

  @Test
  void aCheckThatHangsIsLeftAndWhatItFoundIsTold() {
    List<Finding> told = new ArrayList<>();
    var never = new CountDownLatch(1);

    new Bounded(told::add, Duration.ofMillis(200))
        .run(
            "storage",
            "the folder",
            findings -> {
              findings.ok("first");
              await(never);
            });

    assertThat(Looking.lines(told)).hasSize(2).first().isEqualTo("OK first: ");
    assertThat(told.getLast().what()).startsWith("the folder: no answer within");
    assertThat(told.getLast().verdict()).isEqualTo(Verdict.FAIL);
    never.countDown();
  }

  @Test
  void aCheckThatThrowsHasFailed() {
    List<Finding> told = new ArrayList<>();

    new Bounded(told::add)
        .run(
            "storage",
            "the folder",
            _ -> {
              throw new IOException("gone");
            });

    assertThat(Looking.lines(told))
        .singleElement()
        .asString()
        .startsWith("FAIL the folder: gone: ");
  }

  @Test
  void aCheckThatBreaksEndsNoOther() {
    List<Finding> told = new ArrayList<>();

    new Bounded(told::add)
        .run(
            "storage",
            "the folder",
            findings -> {
              findings.ok("first");
              throw new IllegalStateException("odd");
            });

    assertThat(Looking.lines(told)).hasSize(2).last().asString().contains("odd");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
