package dev.berth.config.load;

import org.jspecify.annotations.Nullable;

/// A single value in `config.yml`.
///
/// @param fallback what holds where nothing is said; absent where that is not a single value
record Key<T>(String path, ValueType<T> type, @Nullable T fallback, String meaning, Support support)
    implements SchemaEntry {
  /// A key that works.
  static <T> Key<T> of(String path, ValueType<T> type, T fallback, String meaning) {
    return new Key<>(path, type, fallback, meaning, Support.SUPPORTED);
  }

  /// A key that works and has no value of its own where nothing is said.
  static <T> Key<T> optional(String path, ValueType<T> type, String meaning) {
    return new Key<>(path, type, null, meaning, Support.SUPPORTED);
  }

  /// A key that follows from the section around it.
  static <T> Key<T> part(String path, ValueType<T> type, String meaning) {
    return new Key<>(path, type, null, meaning, Support.PART);
  }

  /// The last name of the path.
  String name() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  /// Reads and writes a value again, for showing it.
  ///
  /// @throws ValueType.Mismatch it is of the wrong kind
  String show(Node node) {
    return type.printer().print(type.parse(node));
  }

  /// The fallback as YAML; empty where there is none.
  String showFallback() {
    return fallback == null ? "" : type.printer().print(fallback);
  }

  /// Whether nothing is asked for: no value, an empty one, or the fallback.
  boolean isHarmless(Node node) {
    return node.isEmpty() || (fallback != null && fallback.equals(type.parse(node)));
  }
}
