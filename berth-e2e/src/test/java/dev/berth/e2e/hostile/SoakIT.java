package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// 64 clients push without a pause; memory and open files stay where they were after the first half
/// GiB, by when the JVM has compiled what it will. `-Dberth.e2e.soak=N` pushes N GiB.
@Large
@Isolated
final class SoakIT {
  private static final int GIBIBYTES = Integer.getInteger("berth.e2e.soak", 1);
  private static final int CLIENTS = 64;

  /// Few contents, pushed again and again: the work is the same and the disk does not fill.
  private static final int CONTENTS = 24;

  private static final int MOST_BYTES = 8 << 20;
  private static final int ALLOWED_MORE_MIB = 24;
  private static final long WARM_UP_BYTES = 1L << 29;

  /// The goal for resident memory, whatever happens.
  private static final int MOST_MIB = 160;

  @TempDir private Path root;

  @Test
  void needsNoMoreMemoryHoweverMuchIsPushed() throws Exception {
    var contents = contents();
    try (RunningRegistry registry = Registries.underTest().start(RegistryConfig.on(root))) {
      var server = new ServerProcess(registry.pid());
      long all = (long) GIBIBYTES << 30;

      push(registry, contents, WARM_UP_BYTES);
      long memoryThen = server.residentMib();
      int filesThen = server.openFiles();
      push(registry, contents, all - WARM_UP_BYTES);

      System.out.printf(
          "%d GiB by %d clients: MiB %d then %d, at most %d; files %d then %d%n",
          GIBIBYTES,
          CLIENTS,
          memoryThen,
          server.residentMib(),
          server.mostResidentMib(),
          filesThen,
          server.openFiles());
      assertThat(server.residentMib()).isLessThan(memoryThen + ALLOWED_MORE_MIB);
      assertThat(server.residentMib()).isLessThanOrEqualTo(MOST_MIB);
      assertThat(server.openFiles()).isLessThanOrEqualTo(filesThen + CLIENTS);
    }
  }

  private static List<byte[]> contents() {
    var random = new SplittableRandom(64);
    var contents = new ArrayList<byte[]>();
    for (int i = 0; i < CONTENTS; i++) {
      byte[] content = new byte[1 + random.nextInt(MOST_BYTES)];
      random.nextBytes(content);
      contents.add(content);
    }
    return contents;
  }

  private static void push(RunningRegistry registry, List<byte[]> contents, long bytes)
      throws InterruptedException, ExecutionException {
    var left = new AtomicLong(bytes);
    try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
      var clients = new ArrayList<Future<?>>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        clients.add(threads.submit(() -> pushUntilDone(registry, number, contents, left)));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
  }

  private static void pushUntilDone(
      RunningRegistry registry, int number, List<byte[]> contents, AtomicLong left) {
    for (int next = number; left.get() > 0; next++) {
      byte[] content = contents.get(next % contents.size());
      registry.client().pushBlob("soak/client" + number, content);
      left.addAndGet(-content.length);
    }
  }
}
