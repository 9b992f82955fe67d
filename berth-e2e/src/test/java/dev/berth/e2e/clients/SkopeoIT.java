package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// skopeo copies images, indexes and Docker schema 2 as they are, in both directions.
final class SkopeoIT extends ClientTest {
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64", "s390x");

  @Test
  void copiesAnImageThereAndBack() {
    Path skopeo = Tools.get("skopeo");
    SampleImage image = SampleImage.oci(random, "amd64", 3, 200_000);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", image).folder();

    copy(skopeo, "oci:" + layout + ":one", "docker://" + registry().reference("sko/peo", "one"));
    copy(skopeo, "docker://" + registry().reference("sko/peo", "one"), "dir:" + folder + "/back");

    assertThat(client().resolve("sko/peo", "one")).contains(image.digest());
    assertThat(Digests.sha256(folder.resolve("back/manifest.json"))).isEqualTo(image.digest());
  }

  @Test
  void copiesAMultiArchitectureIndexWithAllItsImages() {
    Path skopeo = Tools.get("skopeo");
    var images = ARCHITECTURES.stream().map(a -> SampleImage.oci(random, a, 2, 50_000)).toList();
    var index = SampleImage.index(images, ARCHITECTURES);
    Path layout = OciLayout.in(folder.resolve("out")).add("all", index, images).folder();

    copy(skopeo, "oci:" + layout + ":all", "docker://" + registry().reference("multi", "all"));
    copy(skopeo, "docker://" + registry().reference("multi", "all"), "dir:" + folder + "/back");

    assertThat(client().resolve("multi", "all")).contains(index.digest());
    assertThat(Digests.sha256(folder.resolve("back/manifest.json"))).isEqualTo(index.digest());
    for (SampleImage image : images) {
      assertThat(client().findManifest("multi", image.digest())).contains(image.manifest().bytes());
    }
  }

  @Test
  void keepsDockerSchema2AsItIs() {
    Path skopeo = Tools.get("skopeo");
    SampleImage image = SampleImage.docker(random, 2, 100_000);
    client().push("schema2", "from", image);

    String back = "dir:" + folder + "/back";
    copy(skopeo, "docker://" + registry().reference("schema2", "from"), back);
    copy(skopeo, back, "docker://" + registry().reference("other", "to"));

    assertThat(client().resolve("other", "to")).contains(image.digest());
  }

  @Test
  void listsAndDeletes() {
    Path skopeo = Tools.get("skopeo");
    client().push("lists", "b", SampleImage.small(random));
    client().push("lists", "a", SampleImage.small(random));
    String repository = "docker://" + registry().host() + "/lists";

    var tags = Program.of(skopeo, "list-tags", "--tls-verify=false", repository).run();
    Program.of(skopeo, "delete", "--tls-verify=false", repository + ":a").run();

    assertThat(tags.out()).containsSubsequence("\"a\"", "\"b\"");
    assertThat(client().tags("lists")).containsExactly("b");
  }

  private static void copy(Path skopeo, String from, String to) {
    Program.of(
            skopeo,
            "copy",
            "--all",
            "--preserve-digests",
            "--src-tls-verify=false",
            "--dest-tls-verify=false",
            from,
            to)
        .run();
  }
}
