package dev.berth.server.policy;

import dev.berth.config.PolicyConfig;
import dev.berth.config.load.ConfigLoader;
import dev.berth.config.load.ConfigSource;
import java.util.Map;
import java.util.Objects;

/// Policies for tests, as an operator writes them.
public final class Policies {
  private static final String BEFORE =
      """
      version: 0.1
      storage: inmemory
      auth: {htpasswd: {realm: r, path: /users}}
      berth:
        policy:
      """;

  private Policies() {}

  /// The policy in a text.
  ///
  /// @param policy what stands below `berth.policy`; its first line is line 6
  public static PolicyConfig of(String policy) {
    return Objects.requireNonNull(
        ConfigLoader.load(source(policy), Map.of()).config().berth().policy());
  }

  static ConfigSource source(String policy) {
    return new ConfigSource("config.yml", BEFORE + policy.indent(4));
  }
}
