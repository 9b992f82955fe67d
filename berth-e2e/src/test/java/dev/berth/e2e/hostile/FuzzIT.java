package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.MemoryFolder;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Random requests never make the server fail, write outside its root or lose files and memory.
///
/// `-Dberth.e2e.requests=N` sends N of them, `-Dberth.e2e.seed=S` sends those of an earlier run.
@Isolated
final class FuzzIT {
  private static final int REQUESTS = Integer.getInteger("berth.e2e.requests", 100_000);
  private static final int REQUESTS_IN_EVERY_BUILD = 5_000;
  private static final int ALLOWED_MORE_FILES = 10;
  private static final int ALLOWED_MORE_MIB = 40;

  @TempDir(factory = MemoryFolder.class)
  private Path sandbox;

  @Test
  void survivesSomeRandomRequests() throws Exception {
    fuzz(REQUESTS_IN_EVERY_BUILD);
  }

  @Large
  @Test
  void survivesManyRandomRequests() throws Exception {
    fuzz(REQUESTS);
  }

  private void fuzz(int requests) throws Exception {
    long seed = Long.getLong("berth.e2e.seed", System.nanoTime());
    System.out.println("fuzzing with seed " + seed);
    Path root = sandbox.resolve("inside/root");
    try (RunningRegistry registry = Registries.underTest().start(RegistryConfig.on(root))) {
      var server = new ServerProcess(registry.pid());
      var session = new FuzzSession(registry.port(), new SplittableRandom(seed));

      session.send(requests / 2);
      int filesThen = server.openFiles();
      long memoryThen = server.residentMib();
      session.send(requests - requests / 2);

      System.out.printf(
          "%d requests, answers by status %s, unanswered %d; files %d then %d, MiB %d then %d%n",
          requests,
          session.statuses(),
          session.unanswered(),
          filesThen,
          server.openFiles(),
          memoryThen,
          server.residentMib());
      assertThat(session.offences()).isEmpty();
      Waiting.until(
          "connections that were left are closed",
          Duration.ofMinutes(2),
          () -> server.openFiles() <= filesThen + ALLOWED_MORE_FILES);
      assertThat(server.residentMib()).isLessThan(memoryThen + ALLOWED_MORE_MIB);
      assertStillServes(registry);
    }
    assertThat(StoreTree.strangers(root)).isEmpty();
    try (var beside = Files.walk(sandbox)) {
      assertThat(beside.filter(path -> !path.startsWith(root)))
          .containsExactlyInAnyOrder(sandbox, root.getParent());
    }
  }

  private static void assertStillServes(RunningRegistry registry) {
    SampleImage image = SampleImage.small(new SplittableRandom());
    registry.client().push("after/all", "this", image);
    assertThat(registry.client().resolve("after/all", "this")).contains(image.digest());
  }
}
