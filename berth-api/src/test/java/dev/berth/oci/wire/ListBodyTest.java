package dev.berth.oci.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListBodyTest {
  private static final Digest DIGEST = Digest.parse("sha256:" + "a".repeat(64));

  @Test
  void listsTags() {
    var name = new RepositoryName("team/app");

    assertThat(text(ListBody.tags(name, List.of(new Tag("v1"), new Tag("v2")))))
        .isEqualTo("{\"name\":\"team/app\",\"tags\":[\"v1\",\"v2\"]}\n");
    assertThat(text(ListBody.tags(name, List.of())))
        .isEqualTo("{\"name\":\"team/app\",\"tags\":[]}\n");
  }

  @Test
  void knowsTheSizeOfAListOfTagsBeforeItIsMade() {
    var name = new RepositoryName("team/app");

    for (int count = 0; count < 4; count++) {
      List<Tag> tags =
          List.of(new Tag("v1"), new Tag("_.-"), new Tag("x")).subList(0, Math.min(count, 3));
      assertThat(ListBody.tags(name, tags)).hasSize(ListBody.sizeOf(name, tags));
    }
  }

  @Test
  void listsRepositories() {
    assertThat(text(ListBody.repositories(List.of(new RepositoryName("a/b")))))
        .isEqualTo("{\"repositories\":[\"a/b\"]}\n");
    assertThat(text(ListBody.repositories(List.of()))).isEqualTo("{\"repositories\":[]}\n");
  }

  @Test
  void listsReferrersAsAnImageIndex() {
    var signature =
        new Descriptor(
            "application/vnd.oci.image.manifest.v1+json",
            DIGEST,
            7,
            Optional.of("application/vnd.example.signature"),
            Map.of("b", "2", "a", "<1>"));
    var index =
        new Descriptor(
            "application/vnd.oci.image.index.v1+json", DIGEST, 8, Optional.empty(), Map.of());

    String body =
        text(ListBody.referrers(List.of(ListBody.referrer(signature), ListBody.referrer(index))));

    assertThat(body)
        .isEqualTo(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                + "\"manifests\":["
                + "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                + DIGEST
                + "\",\"size\":7,\"annotations\":{\"a\":\"\\u003c1\\u003e\",\"b\":\"2\"},"
                + "\"artifactType\":\"application/vnd.example.signature\"},"
                + "{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\""
                + DIGEST
                + "\",\"size\":8}]}\n");
  }

  private static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }
}
