package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// docker pushes an image of its own making, pulls it back, and mounts layers that it knows.
final class DockerIT extends ClientTest {
  @Test
  void pushesAnImageMadeFromDebianPackages() {
    Tools.requireRoot();
    Path debian = Tools.prepared("debian.tar");
    String reference = registry().reference("doc/ker", "12");
    try (Docker docker = Docker.start(folder)) {
      String id = docker.run("import", debian, reference);
      docker.run("push", reference);
      String pushed = docker.run("inspect", "--format", "{{index .RepoDigests 0}}", id);
      docker.run("rmi", "--force", id);
      docker.run("pull", reference);

      assertThat(client().resolve("doc/ker", "12")).contains(pushed.replaceFirst(".*@", ""));
      assertThat(docker.run("inspect", "--format", "{{.Id}}", reference)).isEqualTo(id);
      assertThat(docker.run("inspect", "--format", "{{index .RepoDigests 0}}", id))
          .isEqualTo(pushed);
    }
  }

  @Test
  void pullsAnIndexAndMountsItsLayersWhenPushedElsewhere() {
    Tools.requireRoot();
    var image = SampleImage.oci(random, "amd64", 2, 80_000);
    image.blobs().forEach(blob -> client().pushBlob("doc/source", blob));
    client().pushManifest("doc/source", image.digest(), image.manifest());
    var index = SampleImage.index(List.of(image), List.of("amd64"));
    client().pushManifest("doc/source", "all", index);
    String source = registry().reference("doc/source", "all");
    String target = registry().reference("doc/target", "one");
    try (Docker docker = Docker.start(folder)) {
      docker.run("pull", source);
      docker.run("tag", source, target);
      String output = docker.run("push", target);

      assertThat(docker.run("inspect", "--format", "{{index .RepoDigests 0}}", source))
          .contains(index.digest());
      assertThat(output).contains("Mounted from doc/source");
      assertThat(client().tags("doc/target")).containsExactly("one");
    }
  }
}
