package dev.berth.config.load;

import dev.berth.config.BerthConfig;
import java.util.List;

/// A configuration that can be used, and what there is to say about it.
///
/// @param warnings keys that have no effect, and variables that are no keys
/// @param unknown keys that nobody knows
/// @param effective every value that holds, and where it was said
public record LoadedConfig(
    BerthConfig config,
    List<Problem> warnings,
    List<Problem> unknown,
    List<EffectiveSetting> effective) {
  public LoadedConfig {
    warnings = List.copyOf(warnings);
    unknown = List.copyOf(unknown);
    effective = List.copyOf(effective);
  }
}
