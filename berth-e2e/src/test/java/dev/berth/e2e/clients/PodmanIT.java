package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// podman with a storage of its own, which unpacks what it pulls.
final class PodmanIT extends ClientTest {
  @Test
  void pushesAnImageAndPullsItBack() throws Exception {
    Tools.requireRoot();
    Path podman = Tools.get("podman");
    SampleImage image = SampleImage.oci(random, "amd64", 2, 150_000);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", image).folder();
    String reference = registry().reference("pod/man", "one");
    Path digestFile = folder.resolve("digest");

    String id = podman(podman, "pull", "-q", "oci:" + layout + ":one");
    podman(podman, "push", "--tls-verify=false", "--digestfile", digestFile, id, reference);
    podman(podman, "rmi", "--all", "--force");
    String pulled = podman(podman, "pull", "-q", "--tls-verify=false", reference);

    String digest = Files.readString(digestFile).strip();
    assertThat(client().resolve("pod/man", "one")).contains(digest);
    assertThat(pulled).as("image id").isEqualTo(id);
    assertThat(podman(podman, "inspect", "--format", "{{.Digest}}", pulled)).isEqualTo(digest);
  }

  @Test
  void pushesADockerImageAndAManifestList() {
    Tools.requireRoot();
    Path podman = Tools.get("podman");
    SampleImage image = SampleImage.docker(random, 1, 50_000);
    client().push("pod/source", "one", image);
    String source = registry().reference("pod/source", "one");
    String target = registry().reference("pod/list", "all");

    podman(podman, "manifest", "create", "list");
    podman(podman, "manifest", "add", "--tls-verify=false", "list", "docker://" + source);
    podman(podman, "manifest", "push", "--tls-verify=false", "--all", "list", "docker://" + target);

    assertThat(client().findManifest("pod/list", image.digest()))
        .contains(image.manifest().bytes());
    assertThat(client().findManifest("pod/list", "all").map(String::new).orElseThrow())
        .contains(image.digest());
  }

  private String podman(Path podman, Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(podman, "--root", folder.resolve("root"), "--runroot", folder + "/run"));
    line.addAll(List.of("--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"));
    line.addAll(List.of("--events-backend", "none", "--tmpdir", folder.resolve("tmp")));
    line.addAll(List.of(words));
    return Program.of(line.toArray()).run().text();
  }
}
