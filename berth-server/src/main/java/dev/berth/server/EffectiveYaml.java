package dev.berth.server;

import dev.berth.config.load.EffectiveSetting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes the values that hold as YAML, with a comment after each that says where it comes from.
final class EffectiveYaml {
  private static final int COMMENT_COLUMN = 56;

  private EffectiveYaml() {}

  static String of(List<EffectiveSetting> settings) {
    Map<String, Object> root = new LinkedHashMap<>();
    settings.forEach(setting -> place(root, setting.key(), setting));
    StringBuilder text = new StringBuilder();
    write(text, root, 0);
    return text.toString();
  }

  private static void place(Map<String, Object> at, String path, EffectiveSetting setting) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      at.put(path, setting);
      return;
    }
    Object below = at.computeIfAbsent(path.substring(0, dot), _ -> new LinkedHashMap<>());
    if (below instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // made above, by nobody else
      Map<String, Object> child = (Map<String, Object>) map;
      place(child, path.substring(dot + 1), setting);
    }
  }

  private static void write(StringBuilder text, Map<String, Object> map, int depth) {
    map.forEach(
        (name, value) -> {
          String start = "  ".repeat(depth);
          switch (value) {
            case EffectiveSetting setting -> line(text, start, name, setting);
            case Map<?, ?> below -> {
              text.append(start).append(name).append(":\n");
              @SuppressWarnings("unchecked") // as above
              Map<String, Object> child = (Map<String, Object>) below;
              write(text, child, depth + 1);
            }
            default -> throw new IllegalStateException("neither a value nor a map: " + name);
          }
        });
  }

  private static void line(
      StringBuilder text, String start, String name, EffectiveSetting setting) {
    boolean set = !setting.value().isEmpty();
    String value = start + (set ? name + ": " + setting.value() : "# " + name + ": not set");
    text.append(value).append(" ".repeat(Math.max(1, COMMENT_COLUMN - value.length())));
    text.append("# ").append(setting.origin()).append(setting.used() ? "" : ", ignored");
    text.append('\n');
  }
}
