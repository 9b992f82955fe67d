package dev.berth.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Page;
import dev.berth.oci.PageRequest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.storage.memory.MemoryDriver;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagNamesTest {
  private static final int TAG_LENGTH = 100;
  private static final long TAG_WEIGHT = TagNames.weight("x".repeat(TAG_LENGTH));
  private static final PageRequest ALL = new PageRequest(OptionalInt.empty(), Optional.empty());

  private final MemoryDriver driver = new MemoryDriver(1 << 20, InstantSource.system());
  private final TagNames names = new TagNames(driver, 5 * TAG_WEIGHT);

  private RepositoryName push(String repository, int tags) {
    RepositoryName name = new RepositoryName(repository);
    for (int i = 0; i < tags; i++) {
      driver.put(StoreLayout.tagCurrent(name, tag(i)), "link".getBytes(StandardCharsets.UTF_8));
    }
    return name;
  }

  private static Tag tag(int number) {
    return new Tag("%03d".formatted(number) + "x".repeat(TAG_LENGTH - 3));
  }

  private void list(String repository, int tags) {
    Page<Tag> page = names.page(push(repository, tags), ALL, it -> it).orElseThrow();
    assertThat(page.items()).hasSize(tags);
    assertThat(page.more()).isFalse();
  }

  @Test
  void remembersListingsOnlyUpToABound() {
    list("a", 3);
    assertThat(names.rememberedWeight()).isEqualTo(3 * TAG_WEIGHT);
    list("a", 2 + 1);
    assertThat(names.rememberedWeight()).isEqualTo(3 * TAG_WEIGHT);
    list("b", 4);
    assertThat(names.rememberedWeight()).isEqualTo(4 * TAG_WEIGHT);
  }

  @Test
  void aListingBeyondTheBoundIsNotRememberedAndDrivesNoOtherOut() {
    list("a", 3);
    assertThat(names.page(push("b", 6), ALL, it -> it).orElseThrow().items()).hasSize(5);
    assertThat(names.rememberedWeight()).isEqualTo(3 * TAG_WEIGHT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 100, Integer.MAX_VALUE})
  void pagesBeyondTheBoundGiveEachTagOnceInOrder(int limit) {
    int tags = 17;
    RepositoryName repository = push("b", tags);
    driver.put(StoreLayout.tag(repository, new Tag("000-cut-off")).resolve("index/x"), new byte[0]);
    List<Tag> seen = new ArrayList<>();
    Page<Tag> page;
    do {
      Optional<String> last =
          Optional.of(seen).filter(it -> !it.isEmpty()).map(it -> it.getLast().value());
      page =
          names
              .page(repository, new PageRequest(OptionalInt.of(limit), last), it -> it)
              .orElseThrow();
      assertThat(page.items()).hasSizeBetween(1, Math.min(limit, 5));
      seen.addAll(page.items());
    } while (page.more());

    assertThat(seen).hasSize(tags).isSorted().doesNotHaveDuplicates();
    assertThat(seen.getFirst()).isEqualTo(tag(0));
  }

  @Test
  void aListingWithATagThatIsGoneIsForgotten() {
    list("a", 3);
    names.isGone(new RepositoryName("a"), tag(7));
    names.isGone(new RepositoryName("b"), tag(1));
    assertThat(names.rememberedWeight()).isEqualTo(3 * TAG_WEIGHT);
    names.isGone(new RepositoryName("a"), tag(1));
    assertThat(names.rememberedWeight()).isZero();
  }

  @Test
  void aPageOfNoneSaysThatThereAreMore() {
    RepositoryName repository = push("b", 9);

    Page<Tag> page =
        names
            .page(repository, new PageRequest(OptionalInt.of(0), Optional.empty()), it -> it)
            .orElseThrow();

    assertThat(page.items()).isEmpty();
    assertThat(page.more()).isTrue();
  }
}
