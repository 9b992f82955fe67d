package dev.berth.e2e.dropin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.EventSink;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The notifications of the same requests to Berth and to registry 2.8.2, byte for byte but for
/// ids, times and addresses.
class NotificationsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// What [#ask] makes both send.
  private static final int EVENTS = 16;

  @TempDir private Path folder;

  @Test
  void areThoseOfRegistry282() {
    Tools.get("docker-registry");

    List<String> ours = record(Registries.BERTH);
    List<String> theirs = record(Registries.DISTRIBUTION_2);

    assertThat(theirs).hasSize(EVENTS);
    assertThat(ours).isEqualTo(theirs);
  }

  private List<String> record(Registries kind) {
    try (EventSink sink = EventSink.start(true);
        RunningRegistry registry =
            kind.start(
                RegistryConfig.on(folder.resolve(kind.name())).withExtra(sink.config("5s")))) {
      ask(registry.client());
      Waiting.until("the events come", PATIENCE, () -> sink.envelopes().size() >= EVENTS);
      return sink.envelopes().stream().map(text -> plain(text, registry)).toList();
    }
  }

  private static void ask(RegistryClient client) {
    SampleImage docker = SampleImage.docker(new Random(1), 2, 100);
    SampleImage oci = SampleImage.small(new Random(2));
    client.push("a/b", "t", docker);
    client.push("a/b", "o", oci);
    var index = SampleImage.index(List.of(oci), List.of("amd64"));
    client.pushManifest("a/b", index.digest(), index);
    String layer = Digests.sha256(docker.blobs().getLast());
    client.mount("c", "a/b", layer);
    client.mount("c", "a/b", docker.digest());
    pull(client, "GET", "/v2/a/b/manifests/t", Map.of("User-Agent", "a<b>&\"\\"));
    pull(client, "HEAD", "/v2/a/b/manifests/" + docker.digest(), Map.of());
    pull(client, "GET", "/v2/a/b/manifests/nope", Map.of());
    pull(client, "GET", "/v2/a/b/blobs/" + layer, Map.of("Range", "bytes=1-2"));
    pull(client, "HEAD", "/v2/a/b/blobs/" + layer, Map.of("X-Forwarded-For", "10.1.2.3"));
    pull(client, "GET", "/v2/a/b/blobs/" + layer, Map.of("If-None-Match", '"' + layer + '"'));
    client.deleteBlob("c", layer);
    client.deleteManifest("a/b", index.digest());
  }

  private static void pull(
      RegistryClient client, String method, String path, Map<String, String> more) {
    var headers = new HashMap<>(more);
    headers.put("Accept", RegistryClient.ACCEPT_ALL);
    assertThat(client.send(method, path, headers, new byte[0]).body().length)
        .isLessThan("a manifest".repeat(10_000).getBytes(UTF_8).length);
  }

  private static String plain(String envelope, RunningRegistry registry) {
    return envelope
        .replaceAll("\"(id|timestamp|instanceID)\": \"[^\"]+\"", "\"$1\": \"…\"")
        .replace(registry.host(), "HOST")
        .replaceAll(":" + registry.port() + "\"", ":PORT\"")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "PEER");
  }
}
