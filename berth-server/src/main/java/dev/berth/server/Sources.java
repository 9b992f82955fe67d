package dev.berth.server;

import dev.berth.config.load.ConfigSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the configuration is taken from: the file named, else the one in
/// `REGISTRY_CONFIGURATION_PATH`, else the built-in default.
final class Sources {
  private static final String VARIABLE = "REGISTRY_CONFIGURATION_PATH";

  private Sources() {}

  /// Reads the configuration's text.
  ///
  /// @throws dev.berth.config.load.ConfigException the file cannot be read
  static ConfigSource choose(Console console, List<String> arguments) {
    Optional<String> named =
        arguments.isEmpty() ? fromVariable(console) : Optional.of(arguments.getFirst());
    return named.map(Sources::file).orElseGet(ConfigSource::builtIn);
  }

  static Optional<String> fromVariable(Console console) {
    return Optional.ofNullable(console.environment().get(VARIABLE)).filter(v -> !v.isEmpty());
  }

  /// Whether a file is named at all.
  static boolean isBuiltIn(Console console, List<String> arguments) {
    return arguments.isEmpty() && fromVariable(console).isEmpty();
  }

  private static ConfigSource file(String name) {
    try {
      return ConfigSource.file(Path.of(name));
    } catch (InvalidPathException e) {
      return ConfigSource.file(Path.of("invalid-path"));
    }
  }
}
