package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.ControlGroup;
import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Berth inside `memory: 128Mi` and `cpu: 250m`, which deployments of registry 2.8.2 set: the
/// kernel ends it when it needs more.
@Large
final class SmallPodIT {
  private static final int MEBIBYTES = 128;

  @TempDir private Path folder;

  @Test
  void servesInsideItsLimits() throws IOException {
    long start = System.nanoTime();
    try (var group = ControlGroup.ofASmallPod();
        RunningRegistry registry = group.startBerth(folder)) {
      System.out.printf(
          "inside 128Mi and 250m: first answer after %d ms%n",
          (System.nanoTime() - start) / 1_000_000);
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
}
