package dev.berth.config.load;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration cannot be used.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /// @param problems at least one
  ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  ConfigException(Origin where, String key, String message) {
    this(List.of(new Problem(where, key, message)));
  }

  /// Everything that is wrong, in the order of the file.
  public List<Problem> problems() {
    return problems;
  }
}
