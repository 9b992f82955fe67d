package dev.berth.e2e.harness;

import java.nio.file.Path;

/// The `config.yml` of a registry under test: one text that 2.8.2, distribution 3 and Berth read.
///
/// @param extra further top-level YAML, such as a `berth:` section; may be empty
public record RegistryConfig(Path root, String secret, boolean delete, String extra) {
  /// A store with deletes on and a fixed secret, as most tests want it.
  public static RegistryConfig on(Path root) {
    return new RegistryConfig(root, "the secret of the tests", true, "");
  }

  public RegistryConfig withExtra(String yaml) {
    return new RegistryConfig(root, secret, delete, yaml);
  }

  public RegistryConfig withoutDelete() {
    return new RegistryConfig(root, secret, false, extra);
  }

  String yaml(int port) {
    return """
    version: 0.1
    log:
      level: warn
      accesslog:
        disabled: true
    storage:
      filesystem:
        rootdirectory: %s
      delete:
        enabled: %s
    http:
      addr: 127.0.0.1:%d
      secret: %s
    """
            .formatted(root, delete, port, secret)
        + extra;
  }
}
