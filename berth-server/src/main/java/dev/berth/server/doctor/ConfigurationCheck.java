package dev.berth.server.doctor;

import dev.berth.config.BerthConfig;
import dev.berth.config.load.ConfigException;
import dev.berth.config.load.LoadedConfig;
import dev.berth.config.load.Origin;
import dev.berth.config.load.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What `berth config check` says, and what Kubernetes added to the environment.
final class ConfigurationCheck implements Check {
  private static final Pattern SERVICE_LINK =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.+)?)");
  private static final Pattern LINKED_PORT = Pattern.compile("(tcp|udp|sctp)://.*");
  private static final String EACH =
      "correct the line; berth config check shows each setting and where it was said";

  private final Supplier<LoadedConfig> load;
  private final Map<String, String> environment;
  private volatile @Nullable BerthConfig config;

  ConfigurationCheck(Supplier<LoadedConfig> load, Map<String, String> environment) {
    this.load = load;
    this.environment = environment;
  }

  /// What was read; empty where it cannot be used.
  Optional<BerthConfig> config() {
    return Optional.ofNullable(config);
  }

  @Override
  public void look(Findings findings) {
    try {
      LoadedConfig loaded = load.get();
      config = loaded.config();
      warnings(loaded.warnings(), loaded.unknown(), findings);
      if (loaded.warnings().isEmpty() && loaded.unknown().isEmpty()) {
        findings.ok("every key and variable is known");
      }
      if (loaded.config().http().secret() == null) {
        findings.note(
            "http.secret is not set: Berth needs none; replicas of registry 2.8.2 beside it would"
                + " need the same one each");
      }
    } catch (ConfigException e) {
      e.problems().forEach(problem -> findings.fail(problem.toString(), EACH));
      warnings(e.warnings(), e.unknown(), findings);
    }
  }

  private void warnings(List<Problem> warnings, List<Problem> unknown, Findings findings) {
    List<String> linked = new ArrayList<>();
    for (Problem problem : warnings) {
      if (problem.where() instanceof Origin.Variable(String name)) {
        if (isServiceLink(name)) {
          linked.add(name);
        } else {
          findings.warn(problem.toString(), "correct the variable's name, or take it out");
        }
      } else {
        findings.warn(problem.toString(), "take the key out if you do not miss what it did");
      }
    }
    unknown.forEach(problem -> findings.warn(problem.toString(), EACH));
    if (!linked.isEmpty()) {
      findings.warn(
          "variables that Kubernetes sets for a Service whose name begins with registry: "
              + String.join(", ", linked)
              + "; they are passed over here, but registry 2.8.2 may take one for a setting",
          "set enableServiceLinks: false in the pod's spec, or give the Service another name");
    }
  }

  private boolean isServiceLink(String name) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT")
            && LINKED_PORT.matcher(environment.getOrDefault(name, "")).matches());
  }
}
