package dev.berth.config;

/// Text that never shows in a log or on a terminal.
public record Secret(String value) {
  /// What is shown in place of a secret.
  public static final String HIDDEN = "(hidden)";

  /// Says nothing of the value.
  @Override
  public String toString() {
    return HIDDEN;
  }
}
