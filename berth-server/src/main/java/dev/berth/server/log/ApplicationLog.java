package dev.berth.server.log;

import dev.berth.config.LogConfig;
import dev.berth.config.LogLevel;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Sends all log lines of the process, those of the HTTP engine included, to one stream.
public final class ApplicationLog extends Handler {
  /// Other people's code. At `debug` it would say more than ours.
  private static final List<String> FOREIGN = List.of("io.netty", "io.vertx", "com.github", "jdk");

  /// Held here, for the JDK forgets the level of a logger that nobody holds.
  private final List<Logger> foreign = FOREIGN.stream().map(Logger::getLogger).toList();

  private final PrintStream stream;

  private ApplicationLog(PrintStream stream, LogConfig config) {
    this.stream = stream;
    setFormatter(new LineFormatter(config));
    setLevel(level(config.level()));
  }

  /// Takes over all logging of the process. May be called again; the newest call holds.
  public static ApplicationLog install(LogConfig config, PrintStream stream) {
    ApplicationLog log = new ApplicationLog(stream, config);
    Logger root = Logger.getLogger("");
    for (Handler old : root.getHandlers()) {
      root.removeHandler(old);
    }
    root.setLevel(log.getLevel());
    log.foreign.forEach(logger -> logger.setLevel(foreignLevel(config.level())));
    root.addHandler(log);
    return log;
  }

  /// Says something while the process ends: the JDK takes its loggers down meanwhile.
  public void sayAtTheEnd(String message) {
    publish(new LogRecord(Level.INFO, message));
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      stream.print(getFormatter().format(entry));
    }
  }

  @Override
  public void flush() {
    stream.flush();
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
