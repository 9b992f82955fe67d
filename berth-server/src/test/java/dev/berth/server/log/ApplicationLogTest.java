package dev.berth.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class ApplicationLogTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);

  @Test
  void whoLogsNeverWaitsForWhoReads() {
    List<Runnable> writes = new ArrayList<>();
    ApplicationLog log = ApplicationLog.install(LogConfig.DEFAULTS, stream, writes::add);
    for (int i = 0; i < 1500; i++) {
      log.publish(new LogRecord(Level.WARNING, "line " + i));
    }
    assertThat(writes).hasSize(1000);
    writes.forEach(Runnable::run);

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(1001);
    assertThat(lines.get(1)).contains("dropped 500 lines of the log");
    assertThat(lines.getLast()).contains("line 999");
  }

  @Test
  void theLastLineIsWrittenBeforeTheEnd() {
    ApplicationLog log = ApplicationLog.install(LogConfig.DEFAULTS, stream, Runnable::run);
    log.sayAtTheEnd("stopped");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("level=info msg=stopped");
  }
}
