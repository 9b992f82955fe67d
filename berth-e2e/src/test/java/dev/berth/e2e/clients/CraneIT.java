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

/// crane, which checks every digest it pulls (`validate`) and mounts what it copies.
final class CraneIT extends ClientTest {
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  @Test
  void pushesAnIndexAndValidatesWhatItPulls() {
    Path crane = Tools.get("crane");
    var images = ARCHITECTURES.stream().map(a -> SampleImage.oci(random, a, 2, 100_000)).toList();
    var index = SampleImage.index(images, ARCHITECTURES);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", index, images).folder();
    String reference = registry().reference("cr/ane", "one");

    Program.of(crane, "push", "--insecure", "--index", layout, reference).run();
    Program.of(crane, "validate", "--insecure", "--remote", reference).run();
    String digest = Program.of(crane, "digest", "--insecure", reference).run().text();
    Path back = folder.resolve("back");
    Program.of(crane, "pull", "--insecure", "--format=oci", reference, back).run();

    // Pushing a layout, crane sends the layout's own index.json under the tag.
    assertThat(digest).isEqualTo(Digests.sha256(layout.resolve("index.json")));
    assertThat(back.resolve("blobs/" + index.digest().replace(':', '/'))).exists();
  }

  @Test
  void copiesBetweenRepositoriesAppendsAndDeletes() {
    Path crane = Tools.get("crane");
    SampleImage image = SampleImage.oci(random, "amd64", 2, 60_000);
    client().push("from/here", "one", image);
    String source = registry().reference("from/here", "one");
    String copy = registry().reference("to/there", "one");

    Program.of(crane, "copy", "--insecure", source, copy).run();
    Program.of(crane, "tag", "--insecure", copy, "two").run();
    String listed =
        Program.of(crane, "ls", "--insecure", registry().host() + "/to/there").run().text();
    String byDigest = registry().host() + "/to/there@" + image.digest();
    Program.of(crane, "delete", "--insecure", byDigest).run();

    assertThat(listed.lines()).containsExactlyInAnyOrder("one", "two");
    assertThat(client().findManifest("to/there", "one")).isEmpty();
    assertThat(client().resolve("from/here", "one")).contains(image.digest());
  }

  @Test
  void pushesAnImageMadeFromDebianPackages() {
    Path crane = Tools.get("crane");
    Path debian = Tools.prepared("debian.tar");
    String reference = registry().reference("debian/base", "12");

    Program.of(crane, "append", "--insecure", "--oci-empty-base", "-f", debian, "-t", reference)
        .run();
    Program.of(crane, "validate", "--insecure", "--remote", reference).run();
    Path exported = folder.resolve("exported.tar");
    Program.of(crane, "export", "--insecure", reference, exported).run();

    assertThat(Program.of("tar", "-tf", exported).run().out()).contains("bin/busybox");
  }
}
