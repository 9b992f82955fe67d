package dev.berth.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.storage.memory.MemoryDriver;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TagNamesTest {
  private static final int TAG_LENGTH = 100;

  private final MemoryDriver driver = new MemoryDriver(1 << 20, InstantSource.system());
  private final TagNames names = new TagNames(driver, 5 * TAG_LENGTH);

  private void list(String repository, int tags) {
    RepositoryName name = new RepositoryName(repository);
    for (int i = 0; i < tags; i++) {
      Tag tag = new Tag(i + "x".repeat(TAG_LENGTH - 1));
      driver.put(StoreLayout.tagCurrent(name, tag), "link".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(names.list(name).orElseThrow()).hasSize(tags);
  }

  @Test
  void remembersListingsOnlyUpToABoundOfCharacters() {
    list("a", 3);
    assertThat(names.rememberedCharacters()).isEqualTo(3 * TAG_LENGTH);
    list("a", 2 + 1);
    assertThat(names.rememberedCharacters()).isEqualTo(3 * TAG_LENGTH);
    list("b", 4);
    assertThat(names.rememberedCharacters()).isEqualTo(4 * TAG_LENGTH);
  }

  @Test
  void aListingBeyondTheBoundIsNotRememberedAndDrivesNoOtherOut() {
    list("a", 3);
    list("b", 6);
    assertThat(names.rememberedCharacters()).isEqualTo(3 * TAG_LENGTH);
  }
}
