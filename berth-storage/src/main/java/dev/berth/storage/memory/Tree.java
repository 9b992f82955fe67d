package dev.berth.storage.memory;

import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Folders and files by path. Not for use by several threads at once.
final class Tree {
  private final InstantSource clock;
  private final TreeNode.Folder root;

  Tree(InstantSource clock) {
    this.clock = clock;
    this.root = TreeNode.Folder.empty(clock.instant());
  }

  Optional<TreeNode> find(StoragePath path) {
    TreeNode node = root;
    for (String name : path.value().split("/", -1)) {
      node = node instanceof TreeNode.Folder folder ? folder.children().get(name) : null;
      if (node == null) {
        return Optional.empty();
      }
    }
    return Optional.of(node);
  }

  Optional<MemoryFile> findFile(StoragePath path) {
    return find(path)
        .filter(TreeNode.File.class::isInstance)
        .map(node -> ((TreeNode.File) node).content());
  }

  Optional<TreeNode.Folder> findFolder(StoragePath path) {
    return find(path).filter(TreeNode.Folder.class::isInstance).map(TreeNode.Folder.class::cast);
  }

  /// Whether the folder is there that the path's last name belongs in.
  boolean hasFolderOf(StoragePath path) {
    int slash = path.value().lastIndexOf('/');
    return slash < 0 || findFolder(new StoragePath(path.value().substring(0, slash))).isPresent();
  }

  /// Puts a file in its place and makes the folders above it. Gives the file that was there.
  Optional<MemoryFile> put(StoragePath path, MemoryFile content) {
    TreeNode.Folder folder = makeFolders(path);
    TreeNode before = folder.children().get(path.name());
    if (before instanceof TreeNode.Folder) {
      throw new StorageException.Broken("cannot write " + path + ": a folder stands there", null);
    }
    folder.children().put(path.name(), new TreeNode.File(content));
    return before instanceof TreeNode.File file ? Optional.of(file.content()) : Optional.empty();
  }

  void remove(StoragePath path) {
    TreeNode.Folder folder = root;
    List<String> names = List.of(path.value().split("/", -1));
    for (String name : names.subList(0, names.size() - 1)) {
      if (!(folder.children().get(name) instanceof TreeNode.Folder below)) {
        return;
      }
      folder = below;
    }
    folder.children().remove(path.name());
  }

  /// Every file below a folder.
  static List<MemoryFile> filesBelow(TreeNode.Folder folder) {
    var files = new ArrayList<MemoryFile>();
    for (TreeNode child : folder.children().values()) {
      switch (child) {
        case TreeNode.File file -> files.add(file.content());
        case TreeNode.Folder below -> files.addAll(filesBelow(below));
      }
    }
    return files;
  }

  private TreeNode.Folder makeFolders(StoragePath path) {
    TreeNode.Folder folder = root;
    String[] names = path.value().split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      folder = makeFolder(folder, names[i], path);
    }
    return folder;
  }

  private TreeNode.Folder makeFolder(TreeNode.Folder parent, String name, StoragePath path) {
    @Nullable TreeNode child = parent.children().get(name);
    if (child instanceof TreeNode.File) {
      throw new StorageException.Broken(
          "cannot write " + path + ": a file stands where a folder belongs: " + name, null);
    }
    if (child instanceof TreeNode.Folder folder) {
      return folder;
    }
    TreeNode.Folder made = TreeNode.Folder.empty(clock.instant());
    parent.children().put(name, made);
    return made;
  }
}
