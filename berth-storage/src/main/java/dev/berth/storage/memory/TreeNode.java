package dev.berth.storage.memory;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What can stand at a path.
sealed interface TreeNode {
  Instant modified();

  /// A folder.
  ///
  /// @param children by name
  record Folder(Map<String, TreeNode> children, Instant modified) implements TreeNode {
    static Folder empty(Instant now) {
      return new Folder(new HashMap<>(), now);
    }
  }

  record File(MemoryFile content) implements TreeNode {
    @Override
    public Instant modified() {
      return content.modified();
    }
  }
}
