package dev.berth.config.load;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Short ways to read a configuration in a test.
final class Loading {
  /// The least that is valid.
  static final String MINIMAL = "version: 0.1\nstorage: filesystem\n";

  private Loading() {}

  static LoadedConfig load(String text) {
    return load(text, Map.of());
  }

  static LoadedConfig load(String text, Map<String, String> environment) {
    return ConfigLoader.load(new ConfigSource("config.yml", text), environment);
  }

  /// What is wrong with a configuration that must be wrong, one line each.
  static List<String> problems(String text) {
    return problems(text, Map.of());
  }

  static List<String> problems(String text, Map<String, String> environment) {
    ConfigException error =
        Objects.requireNonNull(
            catchThrowableOfType(ConfigException.class, () -> load(text, environment)),
            "the configuration was taken");
    return error.problems().stream().map(Problem::toString).toList();
  }

  static List<String> warnings(LoadedConfig loaded) {
    return loaded.warnings().stream().map(Problem::toString).toList();
  }

  static List<String> unknown(LoadedConfig loaded) {
    return loaded.unknown().stream().map(Problem::toString).toList();
  }
}
