package dev.berth.storage.memory;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What can stand at a path.
sealed interface Node {
  Instant modified();

  /// A folder.
  ///
  /// @param children by name
  record Folder(Map<String, Node> children, Instant modified) implements Node {
    static Folder empty(Instant now) {
      return new Folder(new HashMap<>(), now);
    }
  }

  record File(Content content) implements Node {
    @Override
    public Instant modified() {
      return content.modified();
    }
  }
}
