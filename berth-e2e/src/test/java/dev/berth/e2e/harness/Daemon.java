package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A service that a client needs, such as an engine's daemon. It and the processes it started end
/// with [#close].
public final class Daemon implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(1);
  private static final Duration END = Duration.ofSeconds(30);

  private final Process process;

  private Daemon(Process process) {
    this.process = process;
  }

  /// Starts `line`, its output in `log`, and returns when `ready` holds.
  ///
  /// @throws AssertionError with its output, when it ends or is not ready in time
  public static Daemon start(Path log, List<String> line, BooleanSupplier ready) {
    try {
      var daemon =
          new Daemon(
              new ProcessBuilder(line)
                  .redirectErrorStream(true)
                  .redirectOutput(log.toFile())
                  .start());
      try {
        Waiting.until(
            line.getFirst() + " is ready", START, () -> daemon.dead() || ready.getAsBoolean());
        if (daemon.dead()) {
          throw new AssertionError(line.getFirst() + " ended at start");
        }
        return daemon;
      } catch (AssertionError e) {
        daemon.close();
        throw new AssertionError(e.getMessage() + "\n" + Files.readString(log), e);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean dead() {
    return !process.isAlive();
  }

  @Override
  public void close() {
    var family = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }
}
