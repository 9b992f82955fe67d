package dev.berth.config.load;

import java.util.ArrayList;
import java.util.List;

/// A value that holds.
///
/// @param key as in `storage.delete.enabled`
/// @param value as YAML in one line; secrets are hidden, empty where nothing is set
/// @param origin where it was said
/// @param used false where Berth does nothing with it
public record EffectiveSetting(String key, String value, Origin origin, boolean used) {

  /// All supported keys in the order of the documentation, and the others that were set.
  static List<EffectiveSetting> all(Settings settings) {
    List<EffectiveSetting> all = new ArrayList<>();
    for (SchemaEntry entry : Schema.BERTH.entries()) {
      if (entry instanceof Key<?> key && !key.path().contains("[]")) {
        add(all, key, settings);
      }
    }
    return all;
  }

  private static void add(List<EffectiveSetting> all, Key<?> key, Settings settings) {
    boolean always = key.support() instanceof Support.Supported;
    boolean used =
        !(key.support() instanceof Support.Ignored || key.support() instanceof Support.Part);
    Node node = settings.node(key.path());
    if (node != null && !(node instanceof Node.Scalar && node.isEmpty())) {
      all.add(new EffectiveSetting(key.path(), key.show(node), node.origin(), used));
    } else if (always && !isDriverKey(key, settings)) {
      all.add(new EffectiveSetting(key.path(), key.showFallback(), Origin.DEFAULT, true));
    }
  }

  /// Whether a key belongs to a driver that is not the one in use.
  private static boolean isDriverKey(Key<?> key, Settings settings) {
    return key.path().startsWith("storage.filesystem.")
        && settings.node("storage.filesystem") == null;
  }
}
