package dev.berth.config.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every key that is known, as a tree. The documentation, the check of a document and the rule of
/// variables all read this one list.
final class Schema {
  /// Where registry 2.8.2 keeps a map with names of any kind. There a variable may make a new
  /// entry; elsewhere an unknown name is passed over.
  private static final Set<String> OPEN = Set.of("storage", "auth", "middleware");

  /// The one schema.
  static final Schema BERTH = new Schema();

  private final List<SchemaEntry> entries;
  private final Place root = new Place("", false);

  private Schema() {
    List<SchemaEntry> all = new ArrayList<>();
    all.add(
        Key.optional("version", ValueTypes.TEXT, "Version of the format: `0.1`. Must be given."));
    all.addAll(LogKeys.ALL);
    all.addAll(StorageKeys.ALL);
    all.addAll(HttpKeys.ALL);
    all.addAll(TlsKeys.ALL);
    all.addAll(DebugKeys.ALL);
    all.addAll(AuthKeys.ALL);
    all.addAll(HealthKeys.ALL);
    all.addAll(PolicyKeys.ALL);
    all.addAll(NotificationKeys.ALL);
    all.addAll(RedisKeys.ALL);
    all.addAll(BerthKeys.ALL);
    all.addAll(LaterKeys.ALL);
    entries = List.copyOf(all);
    entries.forEach(this::add);
  }

  /// One name in the tree.
  static final class Place {
    final String path;
    final boolean open;
    final Map<String, Place> children = new LinkedHashMap<>();
    private boolean list;
    private @Nullable SchemaEntry entry;

    Place(String path, boolean open) {
      this.path = path;
      this.open = open;
    }

    boolean isList() {
      return list;
    }

    @Nullable SchemaEntry entry() {
      return entry;
    }

    /// Whether names below are anybody's: the value is read as a whole.
    boolean isFree() {
      return entry instanceof Key;
    }
  }

  List<SchemaEntry> entries() {
    return entries;
  }

  Place root() {
    return root;
  }

  /// The paths of all keys and of the maps around them, without the marks of lists.
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    addPaths(paths, root);
    return paths;
  }

  private static void addPaths(List<String> paths, Place place) {
    for (Place child : place.children.values()) {
      paths.add(child.path);
      addPaths(paths, child);
    }
  }

  private void add(SchemaEntry entry) {
    Place at = root;
    StringBuilder path = new StringBuilder();
    for (String part : entry.path().split("\\.", -1)) {
      String name = part.replace("[]", "");
      path.append(path.isEmpty() ? "" : ".").append(name);
      String here = path.toString();
      boolean open = at.open || OPEN.contains(here);
      at = at.children.computeIfAbsent(name, _ -> new Place(here, open));
      at.list |= part.endsWith("[]");
    }
    at.entry = entry;
  }
}
