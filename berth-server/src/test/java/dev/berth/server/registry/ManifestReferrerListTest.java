package dev.berth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Descriptor;
import dev.berth.oci.MediaType;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ManifestReferrerListTest {
  private static final Optional<String> TYPE = Optional.of("application/sig");

  private static Descriptor referrer(String name, Optional<String> type, int annotationLength) {
    return new Descriptor(
        MediaType.OCI_MANIFEST.value(),
        Pushes.sha256(Pushes.bytes(name)),
        1,
        type,
        Map.of("k", "v".repeat(annotationLength - 1)));
  }

  @Test
  void listsAReferrerWithManyAnnotationsWithoutThem() {
    ReferrerList list = new ReferrerList();
    list.add(referrer("a", TYPE, ReferrerList.MAX_ANNOTATIONS));
    assertThat(list.sorted().getFirst().annotations()).containsKey("k");

    list = new ReferrerList();
    list.add(referrer("a", TYPE, ReferrerList.MAX_ANNOTATIONS + 1));
    assertThat(list.sorted())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.annotations()).isEmpty();
              assertThat(found.artifactType()).isEqualTo(TYPE);
            });
  }

  @Test
  void keepsAnnotationsOfAllReferrersTogetherOnlyUpToABound() {
    ReferrerList list = new ReferrerList();
    int fitting = ReferrerList.MAX_ALL_ANNOTATIONS / ReferrerList.MAX_ANNOTATIONS;
    for (int i = 0; i < fitting + 3; i++) {
      list.add(referrer("r" + i, TYPE, ReferrerList.MAX_ANNOTATIONS));
    }
    assertThat(list.sorted()).hasSize(fitting + 3);
    assertThat(list.sorted()).filteredOn(found -> found.annotations().isEmpty()).hasSize(3);
  }

  @Test
  void doesNotShowAnArtifactTypeThatNoTypeCanBe() {
    ReferrerList list = new ReferrerList();
    list.add(referrer("a", Optional.of("x".repeat(1 << 20)), 2));
    assertThat(list.sorted().getFirst().artifactType()).isEmpty();
  }
}
