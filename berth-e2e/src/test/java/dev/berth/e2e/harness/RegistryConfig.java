package dev.berth.e2e.harness;

import java.nio.file.Path;

/// The `config.yml` of a registry under test: one text that 2.8.2, distribution 3 and Berth read.
///
/// @param extra further top-level YAML, such as a `berth:` section; may be empty
/// @param secret `http.secret`; empty for none
/// @param cache `storage.cache.blobdescriptor`; empty for none
public record RegistryConfig(Path root, String extra, String secret, String cache) {
  private static final String SECRET = "the secret of the tests";

  /// A store with deletes on and a fixed secret, as most tests want it.
  public static RegistryConfig on(Path root) {
    return new RegistryConfig(root, "", SECRET, "");
  }

  public RegistryConfig withExtra(String yaml) {
    return new RegistryConfig(root, yaml, secret, cache);
  }

  public RegistryConfig withoutSecret() {
    return new RegistryConfig(root, extra, "", cache);
  }

  /// With a cache in Redis.
  ///
  /// @param redis what stands below `redis`
  public RegistryConfig withRedis(String redis) {
    return new RegistryConfig(root, extra + "redis: {" + redis + "}\n", secret, "redis");
  }

  /// The file, for a registry on 127.0.0.1.
  public String yaml(int port) {
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
        enabled: true
    %shttp:
      addr: 127.0.0.1:%d
    """
            .formatted(
                root, cache.isEmpty() ? "" : "  cache: {blobdescriptor: " + cache + "}\n", port)
        + (secret.isEmpty() ? "" : "  secret: " + secret + "\n")
        + extra;
  }
}
