package dev.berth.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A value that holds.
///
/// @param key as in `storage.delete.enabled`
/// @param value as YAML in one line; secrets are hidden, empty where nothing is set
/// @param origin where it was said
/// @param used false where Berth does nothing with it
public record EffectiveSetting(String key, String value, Origin origin, boolean used) {
  private static final List<String> KINDS =
      List.of(
          "storage.filesystem", "auth.htpasswd", "auth.token", "berth.auth.ldap", "berth.policy");

  /// All supported keys in the order of the documentation, and the others that were set.
  static List<EffectiveSetting> all(Settings settings) {
    List<EffectiveSetting> all = new ArrayList<>();
    for (SchemaEntry entry : Schema.BERTH.entries()) {
      switch (entry) {
        case Key<?> key when !key.path().contains("[]") -> addKey(all, key, settings);
        case Section section when section.support() instanceof Support.Supported ->
            addSection(all, section, settings);
        default -> {
          // Part of a list or of a section that is not used.
        }
      }
    }
    return all;
  }

  private static void addKey(List<EffectiveSetting> all, Key<?> key, Settings settings) {
    boolean always = key.support() instanceof Support.Supported;
    boolean used =
        !(key.support() instanceof Support.Ignored || key.support() instanceof Support.Part);
    Node node = settings.node(key.path());
    if (node != null && !(node instanceof Node.Scalar && node.isEmpty())) {
      all.add(new EffectiveSetting(key.path(), key.show(node), node.origin(), used));
    } else if (always && !isOfAnotherKind(key, settings)) {
      all.add(new EffectiveSetting(key.path(), key.showFallback(), Origin.DEFAULT, true));
    }
  }

  /// Shows a list of maps in one line, and a driver without keys.
  private static void addSection(List<EffectiveSetting> all, Section section, Settings settings) {
    String path = section.path().replace("[]", "");
    switch (settings.node(path)) {
      case Node.Sequence list -> {
        String items =
            settings.items(path).stream()
                .map(item -> item(section, item))
                .collect(Collectors.joining(", ", "[", "]"));
        all.add(new EffectiveSetting(path, items, list.origin(), true));
      }
      case Node.Mapping map when map.isEmpty() ->
          all.add(new EffectiveSetting(path, "{}", map.origin(), true));
      case null, default -> {
        // Not there, or shown key by key.
      }
    }
  }

  private static String item(Section section, Settings item) {
    List<String> values = new ArrayList<>();
    for (SchemaEntry entry : Schema.BERTH.entries()) {
      if (entry instanceof Key<?> key && key.path().startsWith(section.path() + ".")) {
        Node node = item.node(key.path());
        if (node != null && !node.isEmpty()) {
          values.add(key.name() + ": " + key.show(node));
        }
      }
    }
    return "{" + String.join(", ", values) + "}";
  }

  /// Whether a key belongs to a driver or a kind of login that is not the one in use.
  private static boolean isOfAnotherKind(Key<?> key, Settings settings) {
    return KINDS.stream()
        .anyMatch(kind -> key.path().startsWith(kind + ".") && settings.node(kind) == null);
  }
}
