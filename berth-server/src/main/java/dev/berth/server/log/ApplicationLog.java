package dev.berth.server.log;

import dev.berth.config.LogConfig;
import dev.berth.config.LogLevel;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Sends all log lines of the process, those of the HTTP engine included, to one stream. Whoever
/// logs never waits for whoever reads the stream: lines that find too many waiting are dropped, and
/// counted.
public final class ApplicationLog extends Handler {
  /// Other people's code. At `debug` it would say more than ours.
  private static final List<String> FOREIGN = List.of("io.netty", "io.vertx", "com.github", "jdk");

  /// Held here, for the JDK forgets the level of a logger that nobody holds.
  private final List<Logger> foreign = FOREIGN.stream().map(Logger::getLogger).toList();

  private static final int MOST_WAITING = 1000;
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(1);

  private final PrintStream stream;
  private final Executor writer;
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong droppedEver = new AtomicLong();

  private ApplicationLog(PrintStream stream, Executor writer, LogConfig config) {
    this.stream = stream;
    this.writer = writer;
    setFormatter(new LineFormatter(config));
    setLevel(level(config.level()));
  }

  /// Takes over all logging of the process. May be called again; the newest call holds.
  ///
  /// @param writer runs one task after the other, in order; lines are written there
  public static ApplicationLog install(LogConfig config, PrintStream stream, Executor writer) {
    ApplicationLog log = new ApplicationLog(stream, writer, config);
    Logger root = Logger.getLogger("");
    for (Handler old : root.getHandlers()) {
      root.removeHandler(old);
    }
    root.setLevel(log.getLevel());
    log.foreign.forEach(logger -> logger.setLevel(foreignLevel(config.level())));
    root.addHandler(log);
    return log;
  }

  /// Lines that were dropped since the log of the process was installed.
  public static long droppedLines() {
    long sum = 0;
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      sum += handler instanceof ApplicationLog log ? log.droppedEver.get() : 0;
    }
    return sum;
  }

  /// Says something while the process ends, when the JDK takes its loggers down, and waits a moment
  /// for all lines to be written.
  public void sayAtTheEnd(String message) {
    publish(new LogRecord(Level.INFO, message));
    flush();
  }

  @Override
  public void publish(LogRecord entry) {
    if (!isLoggable(entry)) {
      return;
    }
    if (!room.tryAcquire()) {
      dropped.incrementAndGet();
      droppedEver.incrementAndGet();
      return;
    }
    String line = getFormatter().format(entry);
    writer.execute(() -> write(line));
  }

  private void write(String line) {
    stream.print(line);
    room.release();
    long missing = dropped.getAndSet(0);
    if (missing > 0) {
      String message = "dropped " + missing + " lines of the log: nothing reads it fast enough";
      stream.print(getFormatter().format(new LogRecord(Level.WARNING, message)));
    }
  }

  @Override
  public void flush() {
    try {
      if (room.tryAcquire(MOST_WAITING, LAST_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        room.release(MOST_WAITING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    flush();
  }

  private static Level foreignLevel(LogLevel level) {
    return level == LogLevel.ERROR ? Level.SEVERE : Level.WARNING;
  }

  private static Level level(LogLevel level) {
    return switch (level) {
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }
}
