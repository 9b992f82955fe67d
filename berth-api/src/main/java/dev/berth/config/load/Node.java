package dev.berth.config.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A YAML document that still knows its lines.
sealed interface Node {
  Origin origin();

  /// Text, number, boolean or nothing.
  ///
  /// @param text as written, without quotes
  /// @param plain written without quotes, so that `true` is a boolean and not a text
  record Scalar(Origin origin, String text, boolean plain) implements Node {
    /// Whether it is one of YAML's ways to write nothing.
    boolean isNull() {
      return plain
          && switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  /// Values in order.
  record Sequence(Origin origin, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /// Keys and values in the order written. Changes while variables are laid over it.
  record Mapping(Origin origin, Map<String, Entry> entries) implements Node {
    Mapping(Origin origin) {
      this(origin, new LinkedHashMap<>());
    }

    @Nullable Node find(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    void put(Origin where, String key, Node value) {
      entries.put(key, new Entry(where, value));
    }
  }

  /// A value and where its key stands.
  record Entry(Origin key, Node value) {}

  /// Whether nothing is said here: null, an empty text, list or map.
  default boolean isEmpty() {
    return switch (this) {
      case Scalar s -> s.isNull() || s.text().isEmpty();
      case Sequence s -> s.items().isEmpty();
      case Mapping m -> m.entries().isEmpty();
    };
  }
}
