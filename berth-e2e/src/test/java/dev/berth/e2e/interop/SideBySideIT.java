package dev.berth.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.interop.SharedStore.First;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What one of the two writes, the other serves at its next request; in both directions.
final class SideBySideIT {
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  private final RandomGenerator random = new SplittableRandom(5);

  @TempDir private Path root;

  @BeforeEach
  void needsRegistry2() {
    Tools.get("docker-registry");
  }

  @ParameterizedTest
  @EnumSource
  void pullsWhatTheOtherPushed(First first) {
    try (var store = SharedStore.on(root)) {
      var images = ARCHITECTURES.stream().map(a -> SampleImage.oci(random, a, 2, 9_000)).toList();
      var index = SampleImage.index(images, ARCHITECTURES);
      SampleImage docker = SampleImage.docker(random, 1, 5_000);
      for (SampleImage image : images) {
        image.blobs().forEach(blob -> store.first(first).pushBlob("a/b", blob));
        store.first(first).pushManifest("a/b", image.digest(), image.manifest());
      }
      store.first(first).pushManifest("a/b", "index", index);
      store.first(first).push("a/b", "docker", docker);

      var other = store.second(first);
      assertThat(other.findManifest("a/b", "index")).contains(index.bytes());
      assertThat(other.findManifest("a/b", "docker")).contains(docker.manifest().bytes());
      assertThat(other.tags("a/b")).containsExactlyInAnyOrder("docker", "index");
      for (SampleImage image : images) {
        assertThat(other.findManifest("a/b", image.digest())).contains(image.manifest().bytes());
        for (byte[] blob : image.blobs()) {
          assertThat(other.findBlob("a/b", Digests.sha256(blob))).contains(blob);
        }
      }
    }
  }

  @Test
  void seesEveryMoveOfATagAtTheNextRead() {
    try (var store = SharedStore.on(root)) {
      for (int i = 0; i < 30; i++) {
        First first = i % 2 == 0 ? First.BERTH : First.REGISTRY_2;
        SampleImage image = SampleImage.small(random);

        store.first(first).push("moves", "latest", image);

        assertThat(store.second(first).resolve("moves", "latest")).contains(image.digest());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void finishesAnUploadThatTheOtherBegan(First first) {
    try (var store = SharedStore.on(root)) {
      byte[] content = new byte[300_000];
      random.nextBytes(content);
      String digest = Digests.sha256(content);

      String location = store.first(first).startUpload("handoff");
      location = store.first(first).appendChunk(location, 0, Arrays.copyOf(content, 100_001));
      location = here(location, store.second(first).startUpload("handoff"));
      location =
          store
              .second(first)
              .appendChunk(location, 100_001, Arrays.copyOfRange(content, 100_001, 200_003));
      location = here(location, store.first(first).startUpload("handoff"));
      location =
          store
              .first(first)
              .appendChunk(location, 200_003, Arrays.copyOfRange(content, 200_003, 250_000));
      location = here(location, store.second(first).startUpload("handoff"));
      store
          .second(first)
          .finishUpload(location, Arrays.copyOfRange(content, 250_000, content.length), digest);

      assertThat(store.first(first).findBlob("handoff", digest)).contains(content);
      assertThat(store.second(first).findBlob("handoff", digest)).contains(content);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noLongerServesWhatTheOtherDeleted(First first) {
    try (var store = SharedStore.on(root)) {
      SampleImage image = SampleImage.small(random);
      byte[] loose = {1, 2, 3};
      store.first(first).push("gone", "one", image);
      store.first(first).pushManifest("gone", "two", image.manifest());
      String blob = store.first(first).pushBlob("gone", loose);
      assertThat(store.second(first).resolve("gone", "two")).contains(image.digest());
      assertThat(store.second(first).findBlob("gone", blob)).contains(loose);

      assertThat(store.first(first).deleteManifest("gone", image.digest())).isEqualTo(202);
      assertThat(store.first(first).deleteBlob("gone", blob)).isEqualTo(202);

      assertThat(store.second(first).findManifest("gone", "one")).isEmpty();
      assertThat(store.second(first).findManifest("gone", "two")).isEmpty();
      assertThat(store.second(first).findManifest("gone", image.digest())).isEmpty();
      assertThat(store.second(first).findBlob("gone", blob)).isEmpty();
    }
  }

  @Test
  void registry2NoLongerServesATagThatBerthDeleted() {
    try (var store = SharedStore.on(root)) {
      SampleImage image = SampleImage.small(random);
      store.two().client().push("tags", "stays", image);
      store.two().client().pushManifest("tags", "goes", image.manifest());

      assertThat(store.berth().client().deleteManifest("tags", "goes")).isEqualTo(202);

      assertThat(store.two().client().findManifest("tags", "goes")).isEmpty();
      assertThat(store.two().client().resolve("tags", "stays")).contains(image.digest());
      assertThat(store.two().client().tags("tags")).containsExactly("stays");
    }
  }

  @Test
  void mountsWhatTheOtherPushed() {
    try (var store = SharedStore.on(root)) {
      for (First first : First.values()) {
        byte[] content = new byte[1_000];
        random.nextBytes(content);
        String digest = store.first(first).pushBlob("from", content);

        assertThat(store.second(first).mount("into", "from", digest)).isTrue();

        assertThat(store.first(first).findBlob("into", digest)).contains(content);
      }
    }
  }

  /// The session's path and token with the host of the other registry.
  private static String here(String location, String locationOfOther) {
    String path = location.replaceFirst("^https?://[^/]+", "");
    return locationOfOther.startsWith("http")
        ? locationOfOther.replaceFirst("(?<=//[^/]{1,60})/.*", "") + path
        : path;
  }
}
