package dev.berth.server;

import dev.berth.config.load.ConfigException;
import dev.berth.config.load.ConfigLoader;
import dev.berth.config.load.LoadedConfig;
import dev.berth.config.load.Problem;
import java.util.List;
import java.util.stream.Stream;

/// Shows the configuration that holds, and where each value was said. Faults go to standard error,
/// one line each; a key that nobody knows is a fault here.
final class ConfigCheckCommand implements Command {
  @Override
  public int run(Console console, List<String> arguments) {
    try {
      LoadedConfig loaded =
          ConfigLoader.load(Sources.choose(console, arguments), console.environment());
      loaded.warnings().forEach(problem -> console.warn(problem.toString()));
      if (!loaded.unknown().isEmpty()) {
        return report(console, loaded.unknown());
      }
      console.out().print(EffectiveYaml.of(loaded.effective()));
      return Console.OK;
    } catch (ConfigException e) {
      e.warnings().forEach(problem -> console.warn(problem.toString()));
      return report(console, Stream.concat(e.problems().stream(), e.unknown().stream()).toList());
    }
  }

  private static int report(Console console, List<Problem> problems) {
    problems.forEach(problem -> console.fail(Console.FAILED, problem.toString()));
    return Console.FAILED;
  }
}
