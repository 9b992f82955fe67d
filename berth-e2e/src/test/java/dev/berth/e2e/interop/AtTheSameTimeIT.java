package dev.berth.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both registries take pushes into one repository at once; all of them are there afterwards.
final class AtTheSameTimeIT {
  private static final int IMAGES_EACH = 25;

  @TempDir private Path root;

  @Test
  void keepsWhatBothTookIntoOneRepository() throws Exception {
    Tools.get("docker-registry");
    var pushed = new ConcurrentHashMap<String, String>();
    try (var store = SharedStore.on(root)) {
      // The first three push the same layers, so that they meet in the same folders. Two clients of
      // 2.8.2 with the same layers break each other: it truncates a link before it writes it.
      atOnce(
          () -> push(store.berth().client(), "berth", 7, pushed),
          () -> push(store.berth().client(), "berth-again", 7, pushed),
          () -> push(store.two().client(), "two", 7, pushed),
          () -> push(store.two().client(), "two-again", 8, pushed));

      for (var client : List.of(store.berth().client(), store.two().client())) {
        assertThat(client.tags("busy")).containsExactlyInAnyOrderElementsOf(pushed.keySet());
        pushed.forEach(
            (tag, digest) -> assertThat(client.resolve("busy", tag)).as(tag).contains(digest));
      }
    }
    assertThat(pushed).hasSize(4 * IMAGES_EACH);
  }

  private static void push(
      RegistryClient client, String name, long seed, Map<String, String> pushed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < IMAGES_EACH; i++) {
      String tag = name + "-" + i;
      pushed.put(tag, client.push("busy", tag, SampleImage.small(random)));
    }
  }

  private static void atOnce(Runnable... tasks) throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(tasks.length)) {
      var running = new ArrayList<Future<?>>();
      for (Runnable task : tasks) {
        running.add(threads.submit(task));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }
}
