package dev.berth.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.storage.memory.MemoryDriver;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// More folders of one level than are in memory at one time.
class RepositoryTreeTest {
  private static final int FOLDERS = 2 * RepositoryTree.BATCH + 100;

  private final MemoryDriver driver = new MemoryDriver(1 << 24, InstantSource.system());
  private final RepositoryTree tree = new RepositoryTree(driver);
  private final List<RepositoryName> made = new ArrayList<>();

  @BeforeEach
  void makeRepositories() {
    for (int i = 0; i < FOLDERS; i++) {
      String name = "r%05d".formatted(i * 7919 % FOLDERS);
      if (i % 3 != 0) {
        make(name, StoreLayout.LAYERS);
      }
      if (i % 5 == 0) {
        make(name + "/below", StoreLayout.MANIFESTS);
        make(name + "-x/b", StoreLayout.LAYERS);
      }
    }
    made.sort(null);
  }

  private void make(String name, String folder) {
    RepositoryName repository = new RepositoryName(name);
    driver.put(StoreLayout.repository(repository).resolve(folder).resolve("x"), new byte[] {1});
    made.add(repository);
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 7777})
  void pagesGiveEachRepositoryOnceInOrder(int limit) {
    List<RepositoryName> seen = new ArrayList<>();
    Optional<String> last = Optional.empty();
    Page<RepositoryName> page;
    do {
      page = tree.list(new PageRequest(OptionalInt.of(limit), last));
      seen.addAll(page.items());
      last = Optional.of(seen.getLast().value());
    } while (page.more());

    assertThat(seen).isEqualTo(made);
  }

  @Test
  void showsEveryFolder() {
    List<RepositoryName> seen = new ArrayList<>();
    tree.everyFolder(seen::add);
    assertThat(seen).containsAll(made).doesNotHaveDuplicates();
  }

  @Test
  void searchEndsWithWhatIsFound() {
    List<RepositoryName> asked = new ArrayList<>();
    RepositoryName wanted = made.get(made.size() - 50);
    Optional<String> found =
        tree.search(
            repository -> {
              asked.add(repository);
              return Optional.of("found").filter(_ -> repository.equals(wanted));
            });

    assertThat(found).contains("found");
    assertThat(asked.getLast()).isEqualTo(wanted);
  }
}
