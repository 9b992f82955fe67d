package dev.berth.server.log;

import dev.berth.config.LogConfig;
import dev.berth.config.LogFormat;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes one line of a log record.
final class LineFormatter extends Formatter {
  /// Frames that are kept of each cause: enough to leave the engine and reach our own code.
  private static final int FRAMES = 30;

  private static final int CAUSES = 8;

  private final LogFormat kind;
  private final LineFormat format;
  private final Map<String, String> fields;

  LineFormatter(LogConfig config) {
    kind = config.formatter();
    fields = config.fields();
    format = kind == LogFormat.TEXT ? new TextFormat() : new JsonFormat();
  }

  @Override
  public String format(LogRecord entry) {
    Map<String, String> line = new LinkedHashMap<>();
    head(line, entry.getInstant(), level(entry.getLevel()), message(entry));
    Map<String, String> facts = new TreeMap<>(fields);
    addFacts(facts, entry);
    facts.forEach(line::putIfAbsent);
    return format.line(line) + "\n";
  }

  private void head(Map<String, String> line, Instant time, String level, String message) {
    switch (kind) {
      case TEXT -> {
        line.put("time", time.toString());
        line.put("level", level);
        line.put("msg", message);
      }
      case JSON -> {
        line.put("level", level);
        line.put("msg", message);
        line.put("time", time.toString());
      }
      case LOGSTASH -> {
        line.put("@timestamp", time.toString());
        line.put("@version", "1");
        line.put("level", level);
        line.put("message", message);
      }
    }
  }

  private static void addFacts(Map<String, String> facts, LogRecord entry) {
    Object[] parameters = entry.getParameters();
    for (Object parameter : parameters == null ? new Object[0] : parameters) {
      if (parameter instanceof Fact(String key, Object value)) {
        facts.put(key, value.toString());
      }
    }
    Throwable error = entry.getThrown();
    if (error != null) {
      facts.put(
          "error",
          chain(error).stream().map(Throwable::toString).collect(Collectors.joining(": ")));
      if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
        facts.put("stack", stack(error));
      }
    }
  }

  /// Puts parameters in for `{0}` and so on, as they print: no grouped digits, no rule for
  /// apostrophes.
  private static String message(LogRecord entry) {
    String message = entry.getMessage() == null ? "" : entry.getMessage();
    Object[] parameters = entry.getParameters();
    for (int i = 0; parameters != null && i < parameters.length; i++) {
      message = message.replace("{" + i + "}", String.valueOf(parameters[i]));
    }
    return message;
  }

  /// An error and its causes, the outermost first.
  private static List<Throwable> chain(Throwable error) {
    return Stream.iterate(error, Objects::nonNull, Throwable::getCause).limit(CAUSES).toList();
  }

  private static String stack(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause : chain(error)) {
      text.append(cause).append('\n');
      Stream.of(cause.getStackTrace())
          .limit(FRAMES)
          .forEach(frame -> text.append("  at ").append(frame).append('\n'));
    }
    return text.toString();
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warning";
    }
    return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
  }
}
