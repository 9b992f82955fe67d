package dev.berth.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Shows that the conformance run can fail: registries that are known not to conform get the counts
/// that the project's documents name.
@Large
final class OtherRegistriesIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "DISTRIBUTION_2, 1.1, 99, 848",
    "DISTRIBUTION_2, dev, 153, 990",
    "DISTRIBUTION_3, 1.1, 94, 850",
    "DISTRIBUTION_3, dev, 146, 992"
  })
  void failsAsDocumented(Registries kind, String version, int failed, int tests) {
    Tools.get("conformance");
    try (var registry = kind.start(RegistryConfig.on(folder.resolve("registry")))) {
      var run = ConformanceRun.defaults(registry, version, folder);

      assertThat(run.failed()).isEqualTo(failed);
      assertThat(run.tests()).isEqualTo(tests);
    }
  }
}
