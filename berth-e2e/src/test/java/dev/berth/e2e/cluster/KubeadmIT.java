package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files of `deploy/kubeadm`, as kubeadm itself reads them. Needs no cluster.
final class KubeadmIT {
  private static final Path FOLDER = Registries.repository().resolve("deploy/kubeadm");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"first.yaml", "control-plane.yaml", "worker.yaml"})
  void kubeadmTakesTheFile(String name) throws IOException {
    Program.Outcome outcome = validate(FOLDER.resolve(name));

    assertThat(outcome.exit()).as(outcome.toString()).isZero();
    assertThat(Files.readString(FOLDER.resolve(name))).contains("topology.kubernetes.io/zone=");
  }

  @Test
  void aMisspeltFieldIsRefused() throws IOException {
    String text = Files.readString(FOLDER.resolve("first.yaml"));
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(wrong, text.replace("controlPlaneEndpoint", "controlPlaneEndpont"));

    Program.Outcome outcome = validate(wrong);

    assertThat(outcome.exit()).isOne();
    assertThat(outcome.err()).contains("unknown field \"controlPlaneEndpont\"");
  }

  private static Program.Outcome validate(Path file) {
    return Program.of(Tools.get("kubeadm"), "config", "validate", "--config", file).outcome();
  }
}
