package dev.berth.config.load;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration cannot be used.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;
  private final transient List<Problem> unknown;
  private final transient List<Problem> warnings;

  /// @param problems at least one
  /// @param unknown keys that nobody knows: perhaps the one that was meant
  /// @param warnings what else was found
  ConfigException(List<Problem> problems, List<Problem> unknown, List<Problem> warnings) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
    this.unknown = List.copyOf(unknown);
    this.warnings = List.copyOf(warnings);
  }

  ConfigException(Origin where, String key, String message) {
    this(List.of(new Problem(where, key, message)), List.of(), List.of());
  }

  /// Everything that is wrong, in the order of the file.
  public List<Problem> problems() {
    return problems;
  }

  /// Keys that nobody knows.
  public List<Problem> unknown() {
    return unknown;
  }

  /// What else was found, and would not stop anything.
  public List<Problem> warnings() {
    return warnings;
  }
}
