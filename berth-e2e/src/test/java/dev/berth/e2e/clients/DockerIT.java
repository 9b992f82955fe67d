package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The docker command with a daemon of its own, which touches no network of the machine.
final class DockerIT extends ClientTest {
  private @Nullable Daemon daemon;

  @AfterEach
  void stopDaemon() {
    if (daemon != null) {
      daemon.close();
    }
  }

  @Test
  void pushesAnImageMadeFromDebianPackages() {
    Tools.requireRoot();
    Path docker = Tools.get("docker");
    Path debian = Tools.prepared("debian.tar");
    String reference = registry().reference("doc/ker", "12");
    startDaemon();

    String id = docker(docker, "import", debian, reference);
    docker(docker, "push", reference);
    String pushed = docker(docker, "inspect", "--format", "{{index .RepoDigests 0}}", id);
    docker(docker, "rmi", "--force", id);
    docker(docker, "pull", reference);

    assertThat(client().resolve("doc/ker", "12")).contains(pushed.replaceFirst(".*@", ""));
    assertThat(docker(docker, "inspect", "--format", "{{.Id}}", reference)).isEqualTo(id);
    assertThat(docker(docker, "inspect", "--format", "{{index .RepoDigests 0}}", id))
        .isEqualTo(pushed);
  }

  @Test
  void pullsAnIndexAndMountsItsLayersWhenPushedElsewhere() {
    Tools.requireRoot();
    Path docker = Tools.get("docker");
    var image = SampleImage.oci(random, "amd64", 2, 80_000);
    image.blobs().forEach(blob -> client().pushBlob("doc/source", blob));
    client().pushManifest("doc/source", image.digest(), image.manifest());
    var index = SampleImage.index(List.of(image), List.of("amd64"));
    client().pushManifest("doc/source", "all", index);
    startDaemon();

    String source = registry().reference("doc/source", "all");
    String target = registry().reference("doc/target", "one");
    docker(docker, "pull", source);
    docker(docker, "tag", source, target);
    String output = docker(docker, "push", target);

    assertThat(docker(docker, "inspect", "--format", "{{index .RepoDigests 0}}", source))
        .contains(index.digest());
    assertThat(output).contains("Mounted from doc/source");
    assertThat(client().tags("doc/target")).containsExactly("one");
  }

  private void startDaemon() {
    daemon =
        Daemon.start(
            folder.resolve("dockerd.log"),
            List.of(
                Tools.get("dockerd").toString(),
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--host=" + socket(),
                "--storage-driver=vfs",
                "--iptables=false",
                "--ip6tables=false",
                "--bridge=none"),
            () -> Program.of("docker", "--host", socket(), "version").outcome().exit() == 0);
  }

  private String socket() {
    return "unix://" + folder.resolve("socket");
  }

  private String docker(Path docker, Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(docker, "--config", folder.resolve("config"), "--host", socket()));
    line.addAll(List.of(words));
    return Program.of(line.toArray()).run().text();
  }
}
