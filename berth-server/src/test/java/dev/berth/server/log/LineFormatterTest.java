package dev.berth.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.LogConfig;
import dev.berth.config.LogFormat;
import dev.berth.config.LogLevel;
import dev.berth.config.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LineFormatterTest {
  private static final String TIME = "2026-11-21T02:42:16.273207813Z";

  @Test
  void textIsWrittenAsTheOldRegistryWritesIt() {
    assertThat(line(LogFormat.TEXT, entry(Level.INFO, "listening on :5000", new Fact("id", "a b"))))
        .isEqualTo(
            "time=\""
                + TIME
                + "\" level=info msg=\"listening on :5000\" id=\"a b\" service=registry\n");
  }

  @Test
  void jsonIsOneObject() {
    assertThat(line(LogFormat.JSON, entry(Level.WARNING, "slow", new Fact("ms", 12))))
        .isEqualTo(
            "{\"level\":\"warning\",\"msg\":\"slow\",\"time\":\""
                + TIME
                + "\",\"ms\":\"12\",\"service\":\"registry\"}\n");
  }

  @Test
  void logstashHasItsOwnNames() {
    assertThat(line(LogFormat.LOGSTASH, entry(Level.FINE, "quiet")))
        .isEqualTo(
            "{\"@timestamp\":\""
                + TIME
                + "\",\"@version\":\"1\",\"level\":\"debug\",\"message\":\"quiet\","
                + "\"service\":\"registry\"}\n");
  }

  @Test
  void placesInTheMessageAreFilledWithoutGroupingDigits() {
    assertThat(line(LogFormat.TEXT, entry(Level.INFO, "it''s {0} of {1}", 12345, "a{0}")))
        .contains("msg=\"it''s 12345 of a{0}\"");
  }

  @Test
  void whatAClientSendsCannotMakeALineOfItsOwn() {
    String evil = "x\n\u001b[31mtime=\"now\" level=error\r\u2028";

    for (LogFormat format : LogFormat.values()) {
      String line = line(format, entry(Level.INFO, "seen " + evil, new Fact("agent", evil)));
      assertThat(line.strip().lines()).hasSize(1);
      assertThat(line).doesNotContain("\u001b").doesNotContain("\u2028").doesNotContain("\r");
    }
  }

  @Test
  void secretsStayHidden() {
    assertThat(
            line(LogFormat.TEXT, entry(Level.INFO, "set", new Fact("secret", new Secret("fish")))))
        .doesNotContain("fish");
  }

  @Test
  void anErrorShowsItsCauseAndWhere() {
    LogRecord entry = entry(Level.SEVERE, "failed");
    entry.setThrown(new IllegalStateException("broken", new RuntimeException("deep")));

    String line = line(LogFormat.JSON, entry);

    assertThat(line)
        .contains(
            "\"error\":\"java.lang.IllegalStateException: broken: java.lang.RuntimeException: deep\"")
        .contains("  at dev.berth.server.log.LineFormatterTest");
    assertThat(line.strip().lines()).hasSize(1);
  }

  @Test
  void aFactCannotTakeThePlaceOfTheMessage() {
    assertThat(line(LogFormat.TEXT, entry(Level.INFO, "true", new Fact("msg", "false"))))
        .contains("msg=true")
        .doesNotContain("false");
  }

  private static String line(LogFormat format, LogRecord entry) {
    LogConfig config = new LogConfig(LogLevel.DEBUG, format, Map.of("service", "registry"), false);
    return new LineFormatter(config).format(entry);
  }

  private static LogRecord entry(Level level, String message, Object... parameters) {
    LogRecord entry = new LogRecord(level, message);
    entry.setInstant(Instant.parse(TIME));
    entry.setParameters(parameters);
    return entry;
  }
}
