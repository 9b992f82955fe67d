package dev.berth.config.load;

import dev.berth.config.AuthConfig;
import dev.berth.config.BerthConfig;
import dev.berth.config.StorageConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Makes a [BerthConfig] of a `config.yml` and the variables of the environment.
public final class ConfigLoader {
  private static final String VERSION = "0.1";

  private ConfigLoader() {}

  /// Reads a configuration. Unknown keys are among the warnings.
  ///
  /// @param environment all variables; those that do not begin with `REGISTRY_` are passed over
  /// @throws ConfigException it cannot be used; holds everything that is wrong
  public static LoadedConfig load(ConfigSource source, Map<String, String> environment) {
    Node document = YamlReader.readFile(source.name(), source.text());
    Report report = new Report();
    Node.Mapping root = root(document);
    Documents.expand(root);
    version(root);
    Variables.apply(environment, root, report);
    Check.document(root, report);
    BerthConfig config = bind(new Settings(root, report));
    if (!report.problems().isEmpty()) {
      throw new ConfigException(
          inOrder(report.problems()), inOrder(report.unknown()), inOrder(report.warnings()));
    }
    return new LoadedConfig(
        config,
        inOrder(report.warnings()),
        inOrder(report.unknown()),
        EffectiveSetting.all(new Settings(root, report)));
  }

  private static Node.Mapping root(Node document) {
    return switch (document) {
      case Node.Mapping mapping -> mapping;
      case Node.Scalar s when s.isNull() -> new Node.Mapping(s.origin());
      case Node.Scalar s ->
          throw new ConfigException(s.origin(), "", "not a map of keys to values");
      case Node.Sequence s ->
          throw new ConfigException(s.origin(), "", "a list; a configuration is a map");
    };
  }

  private static void version(Node.Mapping root) {
    Node given = root.find("version");
    String version = given instanceof Node.Scalar s ? s.text() : "";
    if (!version.equals(VERSION)) {
      Origin where = given == null ? root.origin() : given.origin();
      throw new ConfigException(
          where, "version", "unsupported version: \"" + version + "\"; give version: " + VERSION);
    }
  }

  private static BerthConfig bind(Settings settings) {
    AuthConfig auth = AuthKeys.read(settings);
    StorageConfig storage = StorageKeys.read(settings);
    return new BerthConfig(
        LogKeys.read(settings),
        storage,
        HttpKeys.read(settings),
        auth,
        HealthKeys.read(settings),
        PolicyKeys.catalog(settings),
        PolicyKeys.validation(settings),
        NotificationKeys.read(settings),
        RedisKeys.read(settings, storage.cache()),
        BerthKeys.read(settings, auth));
  }

  /// By line of the file, then variables in the order found.
  private static List<Problem> inOrder(List<Problem> problems) {
    List<Problem> sorted = new ArrayList<>(problems);
    sorted.sort(
        java.util.Comparator.comparingInt(
            p -> p.where() instanceof Origin.Line line ? line.line() : Integer.MAX_VALUE));
    return sorted.stream().distinct().toList();
  }
}
