package dev.berth.config;

/// A value that a configuration record does not take.
///
/// The message says what is wrong and what to give instead, and holds no secret.
public final class InvalidSetting extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String component;

  /// @param component the record component; in lower case it is the last part of the key in
  ///   `config.yml`
  public InvalidSetting(String component, String message) {
    super(message);
    this.component = component;
  }

  /// The record component that refused its value.
  public String component() {
    return component;
  }
}
