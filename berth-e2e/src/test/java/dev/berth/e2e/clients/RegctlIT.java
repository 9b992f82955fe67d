package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// regctl, which copies indexes and their referrers, and deletes by tag.
final class RegctlIT extends ClientTest {
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64", "riscv64");

  @Test
  void copiesAnIndexThereAndBack() {
    Path regctl = Tools.get("regctl");
    var images = ARCHITECTURES.stream().map(a -> SampleImage.oci(random, a, 2, 80_000)).toList();
    var index = SampleImage.index(images, ARCHITECTURES);
    Path layout = OciLayout.in(folder.resolve("out")).add("all", index, images).folder();
    String reference = registry().reference("reg/ctl", "all");

    regctl(regctl, "image", "copy", "ocidir://" + layout + ":all", reference);
    String digest = regctl(regctl, "image", "digest", reference);
    regctl(regctl, "image", "copy", reference, "ocidir://" + folder + "/back:all");
    String back = regctl(regctl, "image", "digest", "ocidir://" + folder + "/back:all");

    assertThat(digest).isEqualTo(index.digest());
    assertThat(back).isEqualTo(index.digest());
  }

  @Test
  void attachesListsAndCopiesReferrers() {
    Path regctl = Tools.get("regctl");
    SampleImage image = SampleImage.small(random);
    client().push("reg/subject", "one", image);
    String subject = registry().reference("reg/subject", "one");
    String copy = registry().reference("reg/copied", "one");
    String type = "application/vnd.example.report";

    regctl(regctl, "artifact", "put", "--artifact-type", type, "--subject", subject);
    regctl(regctl, "image", "copy", "--referrers", subject, copy);
    String listed = regctl(regctl, "artifact", "list", "--format", "{{jsonPretty .}}", copy);

    assertThat(listed).contains(type);
    assertThat(client().resolve("reg/copied", "one")).contains(image.digest());
  }

  @Test
  void deletesATagAndLeavesTheOther() {
    Path regctl = Tools.get("regctl");
    SampleImage image = SampleImage.small(random);
    client().push("reg/tags", "keep", image);
    client().pushManifest("reg/tags", "drop", image.manifest());

    regctl(regctl, "tag", "delete", registry().reference("reg/tags", "drop"));
    String listed = regctl(regctl, "tag", "ls", registry().host() + "/reg/tags");

    assertThat(listed).isEqualTo("keep");
    assertThat(client().resolve("reg/tags", "keep")).contains(image.digest());
  }

  private String regctl(Path regctl, Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(regctl, "--host", "reg=" + registry().host() + ",tls=disabled"));
    line.addAll(List.of(words));
    return Program.of(line.toArray()).with("HOME", folder).run().text();
  }
}
