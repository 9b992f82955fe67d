package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.StoppableFolder;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// The store hangs in the middle of pulls and pushes: probes tell so and keep answering, clients
/// get an answer in time, and when the store is back all goes on with nothing lost.
@Isolated
final class HungStoreIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// What is long for an answer that needs no store; a machine that does other work has to make it.
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  private static final int LAYER_BYTES = 24 << 20;
  private static final int PULLS = 8;

  /// More than there are threads for reads.
  private static final int REQUESTS = 60;

  private static final String SHORT = "berth: {limits: {connections: {answertimeout: 4s}}}\n";

  @TempDir private Path folder;

  @Test
  void probesAndOthersGoOnWhileItHangsAndAllRecovers() throws Exception {
    int debug = LoopbackPorts.free();
    try (var store = new StoppableFolder(folder);
        RunningRegistry registry =
            Registries.BERTH.start(
                RegistryConfig.on(store.folder()).withExtra(SHORT),
                Map.of("REGISTRY_HTTP_DEBUG_ADDR", "127.0.0.1:" + debug));
        var threads = Executors.newCachedThreadPool()) {
      byte[] layer = new byte[LAYER_BYTES];
      new SplittableRandom(7).nextBytes(layer);
      String digest = registry.client().pushBlob("hung/store", layer);
      String blob = "http://" + registry.host() + "/v2/hung/store/blobs/" + digest;
      String serving = "http://" + registry.host();
      String debugging = "http://127.0.0.1:" + debug;
      Waiting.until("ready", PATIENCE, () -> status(serving + "/readyz") == 200);
      var slowly = new AtomicBoolean(true);
      List<Future<Long>> pulls = new ArrayList<>();
      for (int i = 0; i < PULLS; i++) {
        pulls.add(threads.submit(() -> pullSlowly(blob, slowly)));
      }
      List<Future<Integer>> pushes = new ArrayList<>();
      for (int i = 0; i < PULLS; i++) {
        pushes.add(threads.submit(() -> offer(registry, layer)));
      }

      boolean acknowledged = false;
      store.stop();
      try {
        var waiting = times(REQUESTS, threads, () -> status(blob));
        Waiting.until("not ready", PATIENCE, () -> status(debugging + "/readyz") == 503);
        for (int i = 0; i < 3 * PULLS; i++) {
          assertThat(status(serving + "/livez")).isEqualTo(200);
          assertThat(status(serving + "/readyz")).isEqualTo(503);
          assertThat(status(serving + "/v2/")).isEqualTo(200);
          assertThat(status(debugging + "/livez")).isEqualTo(200);
          assertThat(status(debugging + "/debug/health")).isEqualTo(200);
        }
        slowly.set(false);
        for (Future<Integer> answer : waiting) {
          assertThat(answer.get()).isEqualTo(503);
        }
        for (Future<Integer> push : pushes) {
          int answer = push.get();
          assertThat(answer).isIn(201, 503);
          acknowledged |= answer == 201;
        }
        for (Future<Long> pull : pulls) {
          assertThat(pull.get()).isLessThanOrEqualTo(LAYER_BYTES);
        }
      } finally {
        store.go();
      }

      Waiting.until("ready again", PATIENCE, () -> status(serving + "/readyz") == 200);
      for (Future<Integer> answer : times(REQUESTS, threads, () -> status(blob))) {
        assertThat(answer.get()).isEqualTo(200);
      }
      assertThat(registry.client().findBlob("hung/store", digest)).contains(layer);
      if (acknowledged) {
        assertThat(registry.client().findBlob("hung/push", digest)).contains(layer);
      }
      assertThat(offer(registry, layer)).isEqualTo(201);
    }
  }

  private static <T> List<Future<T>> times(
      int count, java.util.concurrent.ExecutorService threads, Callable<T> work) {
    List<Future<T>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(threads.submit(work));
    }
    return all;
  }

  /// A client of its own each time: a connection of its own, on any of the event loops.
  private static int status(String url) {
    boolean probe = !url.contains("/blobs/");
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).timeout(probe ? AT_ONCE : PATIENCE).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new AssertionError(url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(url, e);
    }
  }

  /// Gives the bytes that came before the end, or before the server gave up.
  private static long pullSlowly(String url, AtomicBoolean slowly) throws InterruptedException {
    long bytes = 0;
    try (var client = HttpClient.newHttpClient();
        InputStream body =
            client
                .send(
                    HttpRequest.newBuilder(URI.create(url)).build(),
                    HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
      byte[] part = new byte[64 << 10];
      for (int got = body.read(part); got >= 0; got = body.read(part)) {
        bytes += got;
        if (slowly.get()) {
          Waiting.pause(Duration.ofMillis(20));
        }
      }
    } catch (IOException givenUp) {
      return bytes;
    }
    return bytes;
  }

  private static int offer(RunningRegistry registry, byte[] content) {
    try {
      return registry.client().offerBlob("hung/push", content);
    } catch (RuntimeException | AssertionError refused) {
      // The session could not begin, or the connection ended before the body was sent.
      return 503;
    }
  }
}
