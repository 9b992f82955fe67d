package dev.berth.config;

/// How a line of the application log is written.
public enum LogFormat {
  /// `time="…" level=info msg="…" key=value`
  TEXT,
  /// One JSON object with `time`, `level`, `msg` and the facts.
  JSON,
  /// One JSON object with `@timestamp`, `@version`, `message` and the facts.
  LOGSTASH
}
