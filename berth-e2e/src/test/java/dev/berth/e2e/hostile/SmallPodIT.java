package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Berth inside `memory: 128Mi` and `cpu: 250m`, which deployments of registry 2.8.2 set: the kernel
/// ends it when it needs more.
@Large
final class SmallPodIT {
  private static final int MEBIBYTES = 128;
  private static final int MILLICORES = 250;

  @TempDir private Path folder;

  @Test
  void servesInsideItsLimits() throws IOException {
    try (var group = new ControlGroup(MEBIBYTES, MILLICORES);
        RunningRegistry registry = start(group)) {
      var server = new ServerProcess(registry.pid());
      SampleImage image = SampleImage.oci(new SplittableRandom(1), "amd64", 4, 20 << 20);

      for (int i = 0; i < 5; i++) {
        registry.client().push("small/pod" + i, "one", image);
        assertThat(registry.client().resolve("small/pod" + i, "one")).contains(image.digest());
      }

      System.out.println("inside 128Mi and 250m: at most MiB " + server.mostResidentMib());
      assertThat(server.mostResidentMib()).isLessThan(MEBIBYTES);
    }
  }

  private RunningRegistry start(ControlGroup group) throws IOException {
    Path script = folder.resolve("berth");
    Files.writeString(script, group.enterAnd(Registries.berth().toString()));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return Registries.startBerth(script, RegistryConfig.on(folder.resolve("registry")));
  }
}
