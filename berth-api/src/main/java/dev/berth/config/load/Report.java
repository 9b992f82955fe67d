package dev.berth.config.load;

import java.util.ArrayList;
import java.util.List;

/// What was found while reading a configuration.
final class Report {
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> unknown = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  void problem(Origin where, String key, String message) {
    problems.add(new Problem(where, key, message));
  }

  /// A key that nobody knows: a warning for the server, a fault for `config check`.
  void unknown(Origin where, String key, String message) {
    unknown.add(new Problem(where, key, message));
  }

  void warning(Origin where, String key, String message) {
    warnings.add(new Problem(where, key, message));
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Problem> unknown() {
    return List.copyOf(unknown);
  }

  List<Problem> warnings() {
    return List.copyOf(warnings);
  }
}
