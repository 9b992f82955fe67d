package dev.berth.config.load;

import dev.berth.config.InvalidSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The values of one map of the document, looked up by [Key]. Collects what is wrong instead of
/// stopping at the first fault.
final class Settings {
  private final Node.Mapping root;
  private final String prefix;
  private final Report report;

  Settings(Node.Mapping root, Report report) {
    this(root, "", report);
  }

  private Settings(Node.Mapping root, String prefix, Report report) {
    this.root = root;
    this.prefix = prefix;
    this.report = report;
  }

  /// The value said, else the fallback. A value of the wrong kind gives the fallback as well; the
  /// check of the whole document reports it.
  <T> T get(Key<T> key) {
    T value = find(key);
    return value == null ? Objects.requireNonNull(key.fallback(), key.path()) : value;
  }

  /// The value said, if any.
  <T> @Nullable T find(Key<T> key) {
    Node node = node(key.path());
    if (node == null || (node instanceof Node.Scalar && node.isEmpty())) {
      return null;
    }
    try {
      return key.type().parse(node);
    } catch (ValueType.Mismatch e) {
      return null;
    }
  }

  /// What stands at a path, if anything does.
  @Nullable Node node(String path) {
    if (!path.startsWith(prefix)) {
      throw new IllegalStateException(path + " is not below " + prefix);
    }
    Node at = root;
    for (String name : path.substring(prefix.length()).split("\\.", -1)) {
      if (!(at instanceof Node.Mapping mapping)) {
        return null;
      }
      at = mapping.find(name);
    }
    return at;
  }

  /// Where the value at a path was said.
  Origin origin(String path) {
    Node node = node(path);
    return node == null ? Origin.DEFAULT : node.origin();
  }

  /// The maps in the list at `path`, each as settings of its own for keys that begin with
  /// `path[].`.
  List<Settings> items(String path) {
    List<Settings> items = new ArrayList<>();
    if (node(path) instanceof Node.Sequence sequence) {
      for (Node item : sequence.items()) {
        if (item instanceof Node.Mapping mapping) {
          items.add(new Settings(mapping, path + "[].", report));
        }
      }
    }
    return items;
  }

  /// Builds a record from the keys below `path`. Where the record refuses a value, that is reported
  /// with its place and `fallback` stands in.
  <T extends @Nullable Object> T build(String path, T fallback, Supplier<T> maker) {
    try {
      return maker.get();
    } catch (InvalidSetting e) {
      String key = path + "." + e.component().toLowerCase(Locale.ROOT);
      Node node = node(key);
      Node section = prefix.isEmpty() ? node(path) : null;
      Node near = node == null ? section : node;
      Origin where = near == null ? root.origin() : near.origin();
      report.problem(where, key, String.valueOf(e.getMessage()));
      return fallback;
    }
  }

  Report report() {
    return report;
  }

  Node.Mapping root() {
    return root;
  }
}
