package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `docs/guides/first-application.md`, box by box, as its reader types it.
@OnCluster
@ResourceLock(FortyDaysIT.NAMESPACE)
final class FirstApplicationIT {
  private static final Path GUIDE = Path.of("docs/guides/first-application.md");
  private static final Pattern BOX = Pattern.compile("(?s)```sh\\n(.*?)```");

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private Example example;

  @BeforeAll
  void whatTheGuideAsksFor() {
    cluster.removeNamespace("hello");
    example = Example.copy(work, "40daysofkubernetes", FortyDaysIT.NAMESPACE, "registry-kube");
    example.remove();
    example.apply(example.overlay("base", "patches:", Example.storageClass()));
    example.rollOut();
  }

  @AfterAll
  void remove() {
    cluster.removeNamespace("hello");
    example.remove();
    // JUnit does not like to remove an image's links.
    Program.of(work.resolve("programs/docker"), "rmi", "--all", "--force").outcome();
  }

  @Test
  void everyBoxOfTheGuideDoesWhatItSays() throws IOException {
    String registry = example.balancer();
    Nodes.get().trustPlain(registry);
    String boxes =
        BOX.matcher(Files.readString(Registries.repository().resolve(GUIDE)))
            .results()
            .map(box -> box.group(1))
            .collect(Collectors.joining("\n"));
    assertThat(boxes).contains("docker build", "kubectl -n hello scale");
    Path script = Files.writeString(work.resolve("guide.sh"), "set -eux\n" + boxes);

    String said =
        Program.of("sh", script)
            .in(work)
            .with("PATH", docker() + ":" + System.getenv("PATH"))
            .with("REGISTRY", registry)
            .with("REGISTRY_USER", example.user())
            .with("REGISTRY_PASSWORD", example.password())
            .within(Duration.ofMinutes(10))
            .run()
            .out();

    assertThat(said)
        .contains("workers are in", "{\"name\":\"team/hello\",\"tags\":[\"1\"]}")
        .contains("Hello from a registry in the cluster")
        .contains("Hello again from a registry in the cluster")
        .contains("deployment.apps/hello scaled", "namespace \"hello\" deleted");
  }

  /// A folder with a `docker` that is podman, keeps to itself, and builds on what is at hand.
  private static Path docker() throws IOException {
    Tools.requireRoot();
    String state = work.resolve("podman").toString();
    String podman =
        String.join(
            " ",
            Tools.get("podman").toString(),
            "--root=" + state + "/root",
            "--runroot=" + state + "/run",
            "--tmpdir=" + state + "/tmp",
            "--storage-driver=vfs --cgroup-manager=cgroupfs --events-backend=none");
    Program.of("sh", "-c", podman + " import " + Tools.prepared("debian.tar") + " base").run();
    Path folder = Files.createDirectory(work.resolve("programs"));
    Path docker = folder.resolve("docker");
    Files.writeString(
        docker,
        """
        #!/bin/sh
        verb=$1
        shift
        case $verb in
          rmi) exec %1$s rmi "$@" ;;
          build) exec %1$s build --isolation=chroot --build-arg BASE=localhost/base "$@" ;;
          *) exec %1$s "$verb" --tls-verify=false --authfile=%2$s/auth.json "$@" ;;
        esac
        """
            .formatted(podman, work));
    Files.setPosixFilePermissions(docker, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }
}
