package dev.berth.server.store;

import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;

/// Which repositories there are: folders that hold `_layers` (as registry 2.8.2 sees it) or
/// `_manifests` (as distribution 3 does). Found by walking the tree in order, no further than the
/// page asks for.
public final class RepositoryTree {
  /// Folders of one level in memory at one time; there may be a hundred levels.
  static final int BATCH = 4096;

  private final StorageDriver driver;

  RepositoryTree(StorageDriver driver) {
    this.driver = driver;
  }

  /// One page of repositories in the order of [RepositoryName#compareTo].
  public Page<RepositoryName> list(PageRequest page) {
    List<RepositoryName> found = new ArrayList<>();
    int limit = page.limit().orElse(Integer.MAX_VALUE);
    String last = page.last().orElse("");
    boolean complete =
        walk(
            StoreLayout.REPOSITORIES,
            "",
            last,
            repository -> {
              if (found.size() < limit) {
                found.add(repository);
                return true;
              }
              return false;
            });
    return new Page<>(found, !complete);
  }

  /// Whether the repository is there: has blobs or manifests, or had some.
  public boolean has(RepositoryName repository) {
    return isRepository(StoreLayout.repository(repository));
  }

  /// Looks into every repository in order until one has what is wanted.
  public <T> Optional<T> search(Function<RepositoryName, Optional<T>> look) {
    List<T> found = new ArrayList<>(1);
    everyFolder(
        repository -> {
          look.apply(repository).ifPresent(found::add);
          return found.isEmpty();
        });
    return found.stream().findFirst();
  }

  /// Shows every folder of repositories in order, those that hold only uploads too.
  void everyFolder(Predicate<RepositoryName> visitor) {
    walkAll(StoreLayout.REPOSITORIES, "", visitor);
  }

  private boolean walk(
      StoragePath folder, String name, String last, Predicate<RepositoryName> visitor) {
    if (compare(name, last) > 0 && isRepository(folder)) {
      Optional<RepositoryName> repository = RepositoryName.tryParse(name);
      if (repository.isPresent() && !visitor.test(repository.get())) {
        return false;
      }
    }
    return eachChild(
        folder,
        name,
        last,
        child -> walk(folder.resolve(child), below(name, child), last, visitor));
  }

  private boolean walkAll(StoragePath folder, String name, Predicate<RepositoryName> visitor) {
    Optional<RepositoryName> repository = RepositoryName.tryParse(name);
    if (repository.isPresent() && !visitor.test(repository.get())) {
      return false;
    }
    return eachChild(
        folder, name, "", child -> walkAll(folder.resolve(child), below(name, child), visitor));
  }

  private boolean isRepository(StoragePath folder) {
    return driver.stat(folder.resolve(StoreLayout.LAYERS)).isPresent()
        || driver.stat(folder.resolve(StoreLayout.MANIFESTS)).isPresent();
  }

  /// Shows the folders below one in order, those with something after `last`, until the visitor has
  /// enough: then false. They are read again for each batch, so that any number of them takes
  /// little memory.
  private boolean eachChild(
      StoragePath folder, String name, String last, Predicate<String> visitor) {
    // Siblings in plain order are in catalog order too: `/` sorts before all that a name can go on
    // with.
    Optional<String> after = Optional.empty();
    boolean more = true;
    while (more) {
      var batch = new PageRequest(OptionalInt.of(BATCH), after);
      var names =
          new FirstNames(
              batch,
              Long.MAX_VALUE,
              child -> {
                String below = below(name, child);
                return mayHoldRepositories(child, below) && !endsBefore(below, last);
              });
      driver.visit(folder, names::add);
      for (String child : names.sorted()) {
        after = Optional.of(child);
        if (!visitor.test(child)) {
          return false;
        }
      }
      more = names.more();
    }
    return true;
  }

  private static String below(String name, String child) {
    return name.isEmpty() ? child : name + "/" + child;
  }

  private static boolean mayHoldRepositories(String child, String name) {
    return !child.startsWith("_") && RepositoryName.tryParse(name).isPresent();
  }

  /// Whether all names at and below `name` sort at or before `last`.
  private static boolean endsBefore(String name, String last) {
    return compare(name, last) < 0 && !last.startsWith(name + "/");
  }

  private static int compare(String name, String last) {
    return RepositoryName.compare(name, last);
  }
}
