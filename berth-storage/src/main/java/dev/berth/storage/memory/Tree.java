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
  private final Node.Folder root;

  Tree(InstantSource clock) {
    this.clock = clock;
    this.root = Node.Folder.empty(clock.instant());
  }

  Optional<Node> find(StoragePath path) {
    Node node = root;
    for (String name : path.value().split("/", -1)) {
      node = node instanceof Node.Folder folder ? folder.children().get(name) : null;
      if (node == null) {
        return Optional.empty();
      }
    }
    return Optional.of(node);
  }

  Optional<Content> findFile(StoragePath path) {
    return find(path).filter(Node.File.class::isInstance).map(node -> ((Node.File) node).content());
  }

  Optional<Node.Folder> findFolder(StoragePath path) {
    return find(path).filter(Node.Folder.class::isInstance).map(Node.Folder.class::cast);
  }

  /// Puts a file in its place and makes the folders above it. Gives the file that was there.
  Optional<Content> put(StoragePath path, Content content) {
    Node.Folder folder = makeFolders(path);
    Node before = folder.children().get(path.name());
    if (before instanceof Node.Folder) {
      throw new StorageException.Broken("cannot write " + path + ": a folder stands there", null);
    }
    folder.children().put(path.name(), new Node.File(content));
    return before instanceof Node.File file ? Optional.of(file.content()) : Optional.empty();
  }

  void remove(StoragePath path) {
    Node.Folder folder = root;
    List<String> names = List.of(path.value().split("/", -1));
    for (String name : names.subList(0, names.size() - 1)) {
      if (!(folder.children().get(name) instanceof Node.Folder below)) {
        return;
      }
      folder = below;
    }
    folder.children().remove(path.name());
  }

  /// Every file below a folder.
  static List<Content> filesBelow(Node.Folder folder) {
    var files = new ArrayList<Content>();
    for (Node child : folder.children().values()) {
      switch (child) {
        case Node.File file -> files.add(file.content());
        case Node.Folder below -> files.addAll(filesBelow(below));
      }
    }
    return files;
  }

  private Node.Folder makeFolders(StoragePath path) {
    Node.Folder folder = root;
    String[] names = path.value().split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      folder = makeFolder(folder, names[i], path);
    }
    return folder;
  }

  private Node.Folder makeFolder(Node.Folder parent, String name, StoragePath path) {
    @Nullable Node child = parent.children().get(name);
    if (child instanceof Node.File) {
      throw new StorageException.Broken(
          "cannot write " + path + ": a file stands where a folder belongs: " + name, null);
    }
    if (child instanceof Node.Folder folder) {
      return folder;
    }
    Node.Folder made = Node.Folder.empty(clock.instant());
    parent.children().put(name, made);
    return made;
  }
}
