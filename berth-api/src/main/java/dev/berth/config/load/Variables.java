package dev.berth.config.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lays `REGISTRY_…` variables over a document, by the rule of registry 2.8.2: the name is split at
/// `_`, each part finds a key without regard to case, and the value is read as YAML. Applied in the
/// order of their names, so that `REGISTRY_STORAGE` comes before `REGISTRY_STORAGE_DELETE_ENABLED`.
final class Variables {
  private static final String PREFIX = "REGISTRY_";

  /// Variables of this program that are no keys.
  private static final Set<String> OTHERS = Set.of("REGISTRY_CONFIGURATION_PATH");

  /// What Kubernetes sets in each pod for a Service whose name begins with `registry`. It must
  /// never become a storage driver or a kind of login, whatever the Service is called.
  private static final Pattern KUBERNETES =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.+)?)");

  private static final Pattern KUBERNETES_PORT = Pattern.compile("(tcp|udp|sctp)://.*");

  /// Names of registry 2.8.2's own that differ from the key in the file.
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "notifications.eventconfig", "events",
          "health.filecheckers", "file",
          "health.httpcheckers", "http",
          "health.tcpcheckers", "tcp",
          "compatibility.schema1.trustkey", "signingkeyfile");

  /// With more wrong letters a name is another one.
  private static final int LETTERS_PER_TYPO = 4;

  private final Report report;

  private Variables(Report report) {
    this.report = report;
  }

  static void apply(Map<String, String> environment, Node.Mapping root, Report report) {
    Variables variables = new Variables(report);
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX) && !OTHERS.contains(name)) {
                variables.apply(name, value, root);
              }
            });
  }

  private void apply(String variable, String value, Node.Mapping root) {
    boolean port = variable.endsWith("_PORT") && KUBERNETES_PORT.matcher(value).matches();
    String[] parts = variable.substring(PREFIX.length()).split("_", -1);
    if (port || KUBERNETES.matcher(variable).matches() || parts[0].equalsIgnoreCase("version")) {
      unrecognized(variable);
      return;
    }
    new Target(variable, value, parts).set(root, Schema.BERTH.root(), 0);
  }

  /// Where a letter or two would make it a name that is known.
  private static String nearest(String variable) {
    if (KUBERNETES.matcher(variable).matches() || variable.endsWith("_PORT")) {
      return "";
    }
    List<String> names =
        Schema.BERTH.paths().stream()
            .map(path -> PREFIX + path.replace("[]", "").replace('.', '_').toUpperCase(Locale.ROOT))
            .toList();
    String near = Nearest.of(variable, names);
    int typos = Nearest.distance(variable, near);
    boolean close = typos > 0 && typos * LETTERS_PER_TYPO <= variable.length() - PREFIX.length();
    return close ? "; the nearest is " + near : "";
  }

  private void unrecognized(String variable) {
    report.warning(
        new Origin.Variable(variable),
        "",
        "no setting has this name, passed over" + nearest(variable));
  }

  /// One variable on its way down the tree.
  private final class Target {
    private final Origin origin;
    private final String variable;
    private final String value;
    private final String[] parts;

    Target(String variable, String value, String[] parts) {
      this.origin = new Origin.Variable(variable);
      this.variable = variable;
      this.value = value;
      this.parts = parts;
    }

    /// @param place what is known here; null inside a map of any names
    void set(Node.Mapping at, Schema.@Nullable Place place, int depth) {
      String name = name(at, place, parts[depth]);
      if (name.isEmpty()) {
        unrecognized(variable);
        return;
      }
      Schema.Place child = place == null ? null : place.children.get(name);
      String path = place == null || place.path.isEmpty() ? name : place.path + "." + name;
      if (depth == parts.length - 1) {
        at.put(
            origin, name, Documents.expand(path, YamlReader.readVariable(variable, path, value)));
        return;
      }
      Node below = at.find(name);
      switch (below) {
        case Node.Mapping mapping -> set(mapping, child, depth + 1);
        case Node.Sequence _ -> {
          // As registry 2.8.2: what stands in a list cannot be named, and nothing is said of it.
        }
        case Node.Scalar s when !s.isEmpty() -> {
          // As registry 2.8.2: there is nothing below a value.
        }
        case null, default -> descend(at, child, name, depth);
      }
    }

    private void descend(Node.Mapping at, Schema.@Nullable Place child, String name, int depth) {
      boolean holdsNames =
          child == null || child.entry() == null || child.entry() instanceof Section;
      boolean map = child != null && child.entry() instanceof Key<?> key && isMap(key);
      if ((child != null && child.isList()) || !(holdsNames || map)) {
        return;
      }
      Node.Mapping made = new Node.Mapping(origin);
      set(made, map ? null : child, depth + 1);
      if (!made.entries().isEmpty()) {
        at.put(origin, name, made);
      }
    }

    private static boolean isMap(Key<?> key) {
      return key.type().equals(ValueTypes.TEXTS)
          || key.type().equals(ValueTypes.HEADERS)
          || key.type().equals(ValueTypes.ANYTHING);
    }

    /// The key that a part of the name means; empty for none.
    private String name(Node.Mapping at, Schema.@Nullable Place place, String part) {
      String lower = part.toLowerCase(Locale.ROOT);
      if (place != null) {
        String other = OTHER_NAMES.get(place.path.isEmpty() ? lower : place.path + "." + lower);
        if (other != null) {
          return other;
        }
        if (place.children.containsKey(lower)) {
          return lower;
        }
        if (!place.open && !place.isFree()) {
          return "";
        }
      }
      return at.entries().keySet().stream()
          .filter(k -> k.equalsIgnoreCase(part))
          .findFirst()
          .orElse(lower);
    }
  }
}
