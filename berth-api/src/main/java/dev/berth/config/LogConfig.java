package dev.berth.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The two logs: application log on standard error, access log on standard output.
///
/// @param fields static facts on each line of the application log, in order
/// @param accessLogDisabled no access log
public record LogConfig(
    LogLevel level, LogFormat formatter, Map<String, String> fields, boolean accessLogDisabled) {
  public static final LogConfig DEFAULTS =
      new LogConfig(LogLevel.INFO, LogFormat.TEXT, Map.of(), false);

  public LogConfig {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }
}
