package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.ControlGroup;
import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Berth inside `memory: 128Mi` and `cpu: 250m`, which deployments of registry 2.8.2 set: the
/// kernel ends it when it needs more.
@Large
@Isolated
final class SmallPodIT {
  private static final int MEBIBYTES = 128;
  private static final int CLIENTS = 200;
  private static final int ROUNDS = 2;

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

  /// 200 clients push and pull at once inside 1 GiB: each request is served, or told to come again.
  @Test
  void manyClientsStayInsideAGibibyte() throws IOException, InterruptedException {
    try (var group = new ControlGroup(1024, 2000);
        RunningRegistry registry = group.startBerth(folder)) {
      var server = new ServerProcess(registry.pid());
      var served = new AtomicInteger();
      var refused = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int round = 0; round < ROUNDS; round++) {
                        pushAndPull(registry.client(), client, round, refused);
                        served.incrementAndGet();
                      }
                    }));
      }
      for (Thread client : clients) {
        client.join();
      }

      System.out.printf(
          "200 clients inside 1Gi: %d images pushed and pulled, %d requests told to come again, at"
              + " most MiB %d%n",
          served.get(), refused.get(), server.mostResidentMib());
      assertThat(served).hasValue(CLIENTS * ROUNDS);
      assertThat(server.mostResidentMib()).isLessThan(1024);
    }
  }

  private static void pushAndPull(
      RegistryClient registry, int client, int round, AtomicInteger refused) {
    long seed = (long) client * ROUNDS + round;
    SampleImage image = SampleImage.oci(new SplittableRandom(seed), "amd64", 2, 300_000);
    String repository = "many/client" + client;
    again(refused, () -> registry.push(repository, "t" + round, image));
    for (byte[] blob : image.blobs()) {
      again(
          refused,
          () ->
              assertThat(registry.findBlob(repository, Digests.sha256(blob)).map(Digests::sha256))
                  .contains(Digests.sha256(blob)));
    }
    again(
        refused,
        () -> assertThat(registry.resolve(repository, "t" + round)).contains(image.digest()));
  }

  /// Any other failure than a request to come again ends the client, and is missed at the end.
  private static void again(AtomicInteger refused, Runnable request) {
    while (true) {
      try {
        request.run();
        return;
      } catch (AssertionError told) {
        String message = String.valueOf(told.getMessage());
        if (!message.contains("got 429") && !message.contains("got 503")) {
          throw told;
        }
        refused.incrementAndGet();
        Waiting.pause(Duration.ofMillis(500));
      }
    }
  }
}
