package dev.berth.config.load;

import java.util.List;

/// Short forms that registry 2.8.2 takes.
final class Documents {
  private static final List<String> NAMED = List.of("storage", "auth");

  private Documents() {}

  /// `storage: filesystem` stands for `storage: {filesystem: {}}`, `auth: none` for `auth: {none:
  /// {}}`.
  static Node expand(String path, Node value) {
    if (NAMED.contains(path) && value instanceof Node.Scalar name && !name.isEmpty()) {
      Node.Mapping mapping = new Node.Mapping(name.origin());
      mapping.put(name.origin(), name.text(), new Node.Mapping(name.origin()));
      return mapping;
    }
    return value;
  }

  /// Writes out the short forms in a whole document.
  static void expand(Node.Mapping root) {
    root.entries().replaceAll((key, e) -> new Node.Entry(e.key(), expand(key, e.value())));
  }
}
