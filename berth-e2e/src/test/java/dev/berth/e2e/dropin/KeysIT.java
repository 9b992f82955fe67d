package dev.berth.e2e.dropin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys of existing configurations, seen working from outside.
class KeysIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private RunningRegistry start(Map<String, String> environment) {
    return Registries.BERTH.start(RegistryConfig.on(folder.resolve("store")), environment);
  }

  private static int status(RunningRegistry registry, String method, String path) {
    return registry.client().send(method, path, Map.of(), new byte[0]).statusCode();
  }

  @Test
  void addsConfiguredHeadersToTheApiOnly() {
    try (var registry =
        start(
            Map.of(
                "REGISTRY_HTTP_HEADERS", "{X-Content-Type-Options: [nosniff], X-Two: [a, b]}"))) {
      var api = registry.client().send("GET", "/v2/", Map.of(), new byte[0]);
      var root = registry.client().send("GET", "/", Map.of(), new byte[0]);

      assertThat(api.headers().allValues("X-Two")).containsExactly("a", "b");
      assertThat(api.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(root.headers().map()).doesNotContainKey("x-two");
    }
  }

  @Test
  void servesReadsAndRefusesWritesWhenReadOnly() {
    SampleImage image = SampleImage.small(new Random(1));
    try (var registry = start(Map.of())) {
      registry.client().push("a", "t", image);
    }
    try (var registry = start(Map.of("REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED", "true"))) {
      assertThat(registry.client().resolve("a", "t")).contains(image.digest());
      assertThat(status(registry, "POST", "/v2/a/blobs/uploads/")).isEqualTo(405);
      assertThat(status(registry, "DELETE", "/v2/a/manifests/t")).isEqualTo(405);
    }
  }

  @Test
  void waitsForRequestsInFlightAsLongAsDrainTimeoutSays() throws Exception {
    byte[] content = "sent in two halves".getBytes(UTF_8);
    String digest = Digests.sha256(content);
    RunningRegistry registry = start(Map.of("REGISTRY_HTTP_DRAINTIMEOUT", "20s"));
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /v2/a/blobs/uploads/?digest=%s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
              .formatted(digest, content.length);
      out.write(head.getBytes(UTF_8));
      out.write(content, 0, 5);
      out.flush();
      Waiting.until("the upload began", PATIENCE, () -> hasUpload(registry.root()));
      Thread stopping = Thread.ofPlatform().start(registry::stop);
      Waiting.until("not ready", PATIENCE, () -> status(registry, "GET", "/readyz") == 503);
      // Who has not heard of it is served all the same.
      assertThat(status(registry, "GET", "/v2/")).isEqualTo(200);
      out.write(content, 5, content.length - 5);
      out.flush();

      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 201 ");
      stopping.join();
    }
    try (var again = start(Map.of())) {
      assertThat(again.client().findBlob("a", digest)).contains(content);
    }
  }

  private static boolean hasUpload(Path root) {
    Path uploads = root.resolve("docker/registry/v2/repositories/a/_uploads");
    if (!Files.isDirectory(uploads)) {
      return false;
    }
    try (var sessions = Files.list(uploads)) {
      return sessions.findAny().isPresent();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void answers503AtTheRootAndToWritesWhileACheckFailsAndServesReads() throws IOException {
    Path down = folder.resolve("down");
    SampleImage image = SampleImage.small(new Random(2));
    try (var registry =
        start(Map.of("REGISTRY_HEALTH_FILECHECKERS", "[{file: " + down + ", interval: 50ms}]"))) {
      registry.client().push("a", "t", image);
      Files.createFile(down);
      Waiting.until("unhealthy", PATIENCE, () -> status(registry, "GET", "/") == 503);

      assertThat(status(registry, "POST", "/v2/a/blobs/uploads/")).isEqualTo(503);
      assertThat(registry.client().resolve("a", "t")).contains(image.digest());

      Files.delete(down);
      Waiting.until("healthy", PATIENCE, () -> status(registry, "GET", "/") == 200);
      assertThat(status(registry, "POST", "/v2/a/blobs/uploads/")).isEqualTo(202);
    }
  }
}
