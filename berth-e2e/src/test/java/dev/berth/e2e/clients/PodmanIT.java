package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.SampleImage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// podman with a storage of its own, which unpacks what it pulls.
final class PodmanIT extends ClientTest {
  @Test
  void pushesAnImageAndPullsItBack() throws Exception {
    var podman = new Podman(folder);
    SampleImage image = SampleImage.oci(random, "amd64", 2, 150_000);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", image).folder();
    String reference = registry().reference("pod/man", "one");
    Path digestFile = folder.resolve("digest");

    String id = podman.run("pull", "-q", "oci:" + layout + ":one");
    podman.run("push", "--tls-verify=false", "--digestfile", digestFile, id, reference);
    podman.run("rmi", "--all", "--force");
    String pulled = podman.run("pull", "-q", "--tls-verify=false", reference);

    String digest = Files.readString(digestFile).strip();
    assertThat(client().resolve("pod/man", "one")).contains(digest);
    assertThat(pulled).as("image id").isEqualTo(id);
    assertThat(podman.run("inspect", "--format", "{{.Digest}}", pulled)).isEqualTo(digest);
  }

  @Test
  void pushesADockerImageAndAManifestList() {
    var podman = new Podman(folder);
    SampleImage image = SampleImage.docker(random, 1, 50_000);
    client().push("pod/source", "one", image);
    String source = registry().reference("pod/source", "one");
    String target = registry().reference("pod/list", "all");

    podman.run("manifest", "create", "list");
    podman.run("manifest", "add", "--tls-verify=false", "list", "docker://" + source);
    podman.run("manifest", "push", "--tls-verify=false", "--all", "list", "docker://" + target);

    assertThat(client().findManifest("pod/list", image.digest()))
        .contains(image.manifest().bytes());
    assertThat(client().findManifest("pod/list", "all").map(String::new).orElseThrow())
        .contains(image.digest());
  }
}
