package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every secret that a server is given, or is sent, holds a word of its own. None of these words
/// may be found in what the server says to anybody.
final class CanariesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> CANARIES =
      List.of(
          "canary-secret",
          "canary-redis",
          "canary-url",
          "canary-query",
          "canary-header",
          "canary-password",
          "canary-wrong",
          "canary-bearer",
          "canary-garbage",
          "canary-plain",
          "canary-state",
          "canary-admin",
          "canary-health");

  private static final String ADMIN_TOKEN = "canary-admin-0123456789";

  @TempDir private Path folder;
  private final StringBuilder said = new StringBuilder();

  @Test
  void noSecretIsInAnythingThatIsSaid() throws IOException {
    Path users = users();
    String debug = "127.0.0.1:" + LoopbackPorts.free();
    RegistryConfig config =
        new RegistryConfig(folder.resolve("store"), keys(users, debug), "canary-secret", "redis");
    try (RunningRegistry registry = Registries.BERTH.start(config)) {
      use(registry.client());
      Files.writeString(users, "bob:canary-plain\n");
      Waiting.until(
          "the broken file is told of", PATIENCE, () -> registry.log().contains("users: line 1"));
      Waiting.until(
          "the failing check is told of", PATIENCE, () -> registry.log().contains("127.0.0.1:9/x"));
      for (String page : List.of("/metrics", "/debug/health", "/readyz?verbose", "/nothing")) {
        hear(new RegistryClient(debug), "GET", page, Map.of());
      }
      said.append(threads(registry.pid()));
      said.append(Files.readString(folder.resolve("audit")));
      said.append(registry.log());
      configCheck(config);
    }

    // The searched text is what it should be: each part of it is there.
    assertThat(said)
        .contains("berth_build_info")
        .contains("\"user\":\"bob\"")
        .contains("Full thread dump")
        .contains("(hidden)")
        .contains("neither bcrypt")
        .contains("UNAUTHORIZED")
        .contains("uploadsOpen")
        .contains("Redis cannot be used");
    assertThat(CANARIES).noneMatch(canary -> said.indexOf(canary) >= 0);
    String encoded = base64("bob:canary-password");
    assertThat(said.indexOf(encoded)).as("encoded login").isNegative();
  }

  private Path users() {
    Path file = folder.resolve("users");
    Program.of(
            "sh",
            "-c",
            "printf 'canary-password\\n' | " + Registries.berth() + " user add " + file + " bob")
        .run();
    return file;
  }

  private String keys(Path users, String debug) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), ADMIN_TOKEN);
    // The section `http` comes last in the common part, so that its keys can go on here.
    return """
      debug: {addr: %s, prometheus: {enabled: true, path: /metrics}}
    auth: {htpasswd: {realm: r, path: %s}}
    redis: {addr: '127.0.0.1:9', username: u, password: canary-redis}
    notifications:
      endpoints:
        - name: nobody
          url: http://u:canary-url@127.0.0.1:9/?t=canary-query
          headers: {Authorization: [Bearer canary-header]}
          timeout: 1s
          threshold: 1
          backoff: 1s
    health:
      http: [{uri: 'http://u:canary-health@127.0.0.1:9/x?t=canary-health', interval: 3s}]
    berth:
      audit: {path: %s}
      admin: {tokenfile: %s}
    """
        .formatted(debug, users, folder.resolve("audit"), token);
  }

  private void use(RegistryClient client) {
    String right = "Basic " + base64("bob:canary-password");
    byte[] blob = {1, 2, 3};
    var login = Map.of("Authorization", right, "Content-Type", "application/octet-stream");
    String digest = Digests.sha256(blob);
    said.append(text(client.send("POST", "/v2/a/blobs/uploads/?digest=" + digest, login, blob)));
    hear(client, "GET", "/v2/a/blobs/" + digest, login);
    hear(client, "GET", "/v2/a/tags/list", login);
    SampleImage.Manifest manifest = SampleImage.small(new Random(1)).manifest();
    var typed = Map.of("Authorization", right, "Content-Type", manifest.mediaType());
    said.append(text(client.send("PUT", "/v2/a/manifests/t", typed, manifest.bytes())));
    for (String wrong :
        List.of(
            "Basic " + base64("bob:canary-wrong"),
            "Basic " + base64("canary-garbage"),
            "Basic canary-garbage",
            "Bearer canary-bearer",
            "canary-garbage")) {
      hear(client, "GET", "/v2/a/tags/list", Map.of("Authorization", wrong));
    }
    hear(client, "GET", "/berth/v1/status", Map.of("Authorization", "Bearer " + ADMIN_TOKEN));
    hear(client, "GET", "/berth/v1/status", Map.of("Authorization", "Bearer canary-bearer"));
    hear(client, "DELETE", "/v2/a/blobs/uploads/1?_state=canary-state", login);
    hear(client, "DELETE", "/v2/a/blobs/" + digest, login);
  }

  private void hear(RegistryClient client, String method, String target, Map<String, String> head) {
    said.append(text(client.send(method, target, head, new byte[0])));
  }

  private static String text(HttpResponse<byte[]> answer) {
    return answer.statusCode()
        + " "
        + answer.headers().map()
        + "\n"
        + new String(answer.body(), StandardCharsets.UTF_8)
        + "\n";
  }

  private static String threads(long pid) {
    Path jstack = Path.of(System.getProperty("java.home"), "bin", "jstack");
    return Program.of(jstack, "-l", "-e", pid).run().out();
  }

  private void configCheck(RegistryConfig config) throws IOException {
    Path file = Files.writeString(folder.resolve("config.yml"), config.yaml(5000));
    Program.Outcome checked = Program.of(Registries.berth(), "config", "check", file).outcome();
    said.append(checked.out()).append(checked.err());
    Files.writeString(
        file, config.yaml(5000).replace("timeout: 1s", "timeout: canary").replace("u:", "u u:"));
    Program.Outcome faulty = Program.of(Registries.berth(), "config", "check", file).outcome();
    assertThat(faulty.exit()).isNotZero();
    said.append(faulty.out()).append(faulty.err());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
