package dev.berth.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.ControlGroup;
import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The distribution specification's own conformance program against Berth, with nothing switched
/// off that can be on.
final class ConformanceIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"1.1", "dev"})
  void passesEverything(String version) {
    Tools.get("conformance");
    try (var registry =
        Registries.underTest().start(RegistryConfig.on(folder.resolve("registry")))) {
      var run = ConformanceRun.everything(registry, version, folder);

      assertPassed(run);
      assertThat(run.disabled()).as("switched off").containsExactly("Sparse Manifests");
    }
  }

  @Test
  void passesWithSparseManifestsToo() {
    Tools.get("conformance");
    var config =
        RegistryConfig.on(folder.resolve("registry"))
            .withExtra("berth: {validation: {missingreferences: accept}}\n");
    try (var registry = Registries.underTest().start(config)) {
      var run = ConformanceRun.everythingAndSparse(registry, "dev", folder);

      assertPassed(run);
      assertThat(run.disabled()).as("switched off").isEmpty();
    }
  }

  @Large
  @Test
  void passesInsideASmallPod() throws IOException {
    Tools.get("conformance");
    try (var group = ControlGroup.ofASmallPod();
        var registry = group.startBerth(folder)) {
      assertPassed(ConformanceRun.everything(registry, "dev", folder));
    }
  }

  private static void assertPassed(ConformanceRun run) {
    assertThat(run.failing()).isEmpty();
    assertThat(run.failed()).as("failed").isZero();
    assertThat(run.skipped()).as("skipped").isZero();
    assertThat(run.tests()).as("tests").isGreaterThan(800);
  }
}
