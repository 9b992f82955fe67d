package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.TEXTS;

import dev.berth.config.LogConfig;
import dev.berth.config.LogFormat;
import dev.berth.config.LogLevel;
import java.util.List;

/// Keys under `log`.
final class LogKeys {
  private static final LogConfig DEFAULTS = LogConfig.DEFAULTS;
  private static final Key<LogLevel> LEVEL =
      Key.of(
          "log.level",
          ValueTypes.choice(LogLevel.class),
          DEFAULTS.level(),
          "How much the application log says.");
  private static final Key<LogLevel> OLD_LEVEL =
      new Key<>(
          "loglevel",
          ValueTypes.choice(LogLevel.class),
          null,
          "Old name of `log.level`, used where that is not given.",
          new Support.OldName("log.level"));
  private static final Key<LogFormat> FORMATTER =
      Key.of(
          "log.formatter",
          ValueTypes.choice(LogFormat.class),
          DEFAULTS.formatter(),
          "How a line of the application log is written.");
  private static final Key<java.util.Map<String, String>> FIELDS =
      Key.of("log.fields", TEXTS, DEFAULTS.fields(), "Facts added to each line of that log.");
  private static final Key<Boolean> ACCESS_LOG_DISABLED =
      Key.of(
          "log.accesslog.disabled",
          BOOLEAN,
          DEFAULTS.accessLogDisabled(),
          "Turns off the access log on standard output.");

  static final List<SchemaEntry> ALL =
      List.of(LEVEL, OLD_LEVEL, FORMATTER, FIELDS, ACCESS_LOG_DISABLED);

  private LogKeys() {}

  static LogConfig read(Settings settings) {
    LogLevel level = settings.find(LEVEL);
    LogLevel old = settings.find(OLD_LEVEL);
    LogLevel fallback = old == null ? DEFAULTS.level() : old;
    return new LogConfig(
        level == null ? fallback : level,
        settings.get(FORMATTER),
        settings.get(FIELDS),
        settings.get(ACCESS_LOG_DISABLED));
  }
}
