package dev.berth.e2e.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every series of registry 2.8.2 is there, but those of Go itself; after the same requests those
/// that count requests have the same values. Of distribution 3 the names.
class NamesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final byte[] NOTHING = new byte[0];

  /// Sums are times and sizes, which differ; so do the buckets that times fall in.
  private static final Pattern COUNTS =
      Pattern.compile("registry_http_(requests_total|[a-z_]+_count|in_flight_requests)\\[.*");

  /// Of Go, of the network of the whole machine, and of a mirror, which Berth is not yet.
  private static final Pattern NOT_OURS =
      Pattern.compile("(go_|process_network_|registry_proxy_).*");

  @TempDir private Path folder;

  private Monitored start(Registries kind) {
    // Both know sizes of blobs, or manifests, that were asked for before.
    var cache = Map.of("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "inmemory");
    return Monitored.start(kind, folder.resolve(kind.name()), cache);
  }

  private static void use(RegistryClient client) {
    SampleImage image = SampleImage.small(new Random(1));
    client.push("a/b", "t", image);
    client.push("a/b", "u", image);
    String blob = client.pushBlob("c", new byte[] {1, 2, 3});
    for (String[] request :
        new String[][] {
          {"GET", "/v2/"},
          {"GET", "/v2/_catalog"},
          {"GET", "/"},
          {"GET", "/v2"},
          {"GET", "/v2/zzz"},
          {"GET", "/v2/a/b/tags/list"},
          {"GET", "/v2/none/tags/list"},
          {"POST", "/v2/a/b/tags/list"},
          {"OPTIONS", "/v2/a/b/tags/list"},
          {"PROPFIND", "/v2/a/b/tags/list"},
          {"GET", "/v2/c/blobs/" + blob},
          {"HEAD", "/v2/c/blobs/" + blob},
          {"GET", "/v2/c/blobs/sha256:no"},
          {"GET", "/v2/d/blobs/" + blob},
          {"HEAD", "/v2/d/blobs/" + blob},
          {"DELETE", "/v2/c/blobs/" + blob},
          {"GET", "/v2/a/b/manifests/none"},
          {"HEAD", "/v2/a/b/blobs/uploads/none"},
          {"POST", "/v2/a/b/blobs/uploads/"},
        }) {
      client.send(request[0], request[1], Map.of(), NOTHING);
    }
    client.findManifest("a/b", "t");
    client.findManifest("a/b", image.digest());
    client.deleteManifest("a/b", image.digest());
    String digestless = client.startUpload("a/b");
    client.send("PUT", digestless, Map.of(), NOTHING);
    client.send("DELETE", digestless, Map.of(), NOTHING);
  }

  private static Map<String, Double> counts(Scrape before, Scrape after) {
    Map<String, Double> counts = new TreeMap<>();
    after.series().keySet().stream()
        .filter(key -> COUNTS.matcher(key).matches())
        .filter(key -> !key.contains("referrers"))
        .forEach(key -> counts.put(key, after.get(key) - before.get(key)));
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  @Test
  void countsAsTheOldRegistry() {
    try (var old = start(Registries.DISTRIBUTION_2);
        var berth = start(Registries.BERTH)) {
      Scrape oldBefore = old.scrape();
      Scrape before = berth.scrape();
      use(old.client());
      use(berth.client());
      Scrape oldAfter = old.scrape();
      Map<String, Double> wanted = counts(oldBefore, oldAfter);
      assertThat(wanted).hasSizeGreaterThan(30);

      // A client may have its answer a moment before it is counted.
      try {
        Waiting.until(
            "the same counts",
            Duration.ofSeconds(5),
            () -> counts(before, berth.scrape()).equals(wanted));
      } catch (AssertionError e) {
        assertThat(counts(before, berth.scrape())).isEqualTo(wanted);
      }
      assertThat(berth.scrape().series().keySet())
          .containsAll(
              oldAfter.series().keySet().stream()
                  .filter(key -> !NOT_OURS.matcher(key).matches())
                  .toList());
    }
  }

  @Test
  void hasTheNamesOfDistribution3() {
    try (var other = start(Registries.DISTRIBUTION_3);
        var berth = start(Registries.BERTH)) {
      use(other.client());
      use(berth.client());

      assertThat(names(berth.scrape()))
          .containsAll(
              names(other.scrape()).stream()
                  .filter(name -> !NOT_OURS.matcher(name).matches())
                  .toList());
    }
  }

  private static List<String> names(Scrape scrape) {
    return scrape.series().keySet().stream()
        .map(key -> key.replaceFirst("\\[.*", ""))
        .distinct()
        .toList();
  }

  @Test
  void everyMetricIsExplained() throws IOException {
    String page = Files.readString(Registries.repository().resolve("docs/monitoring.md"));
    try (var berth = start(Registries.BERTH)) {
      assertThat(names(berth.scrape()).stream().filter(name -> name.startsWith("berth_")))
          .isNotEmpty()
          .allMatch(name -> page.contains("`" + name + "`"));
    }
  }

  @Test
  void saysThatAFileCannotBeReadAgain() throws IOException {
    Path users = folder.resolve("users");
    String line = "bob:$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i\n";
    Files.writeString(users, line);
    var environment =
        Map.of(
            "REGISTRY_AUTH", "htpasswd",
            "REGISTRY_AUTH_HTPASSWD_REALM", "images",
            "REGISTRY_AUTH_HTPASSWD_PATH", users.toString());
    String key = "berth_reload_failed[key=\"auth.htpasswd.path\"]";
    try (var berth = Monitored.start(Registries.BERTH, folder.resolve("s"), environment)) {
      assertThat(berth.scrape().series()).containsEntry(key, 0.0);

      Files.writeString(users, "no line of logins\n");

      Waiting.until("seen", PATIENCE, () -> berth.scrape().get(key) == 1);
      assertThat(berth.get("/debug/health"))
          .contains("\"reload_auth.htpasswd.path\":\"" + users + ": line 1");
      assertThat(berth.registry().log()).contains("what it held before still holds");

      Files.writeString(users, line);

      Waiting.until("mended", PATIENCE, () -> berth.scrape().get(key) == 0);
      assertThat(berth.get("/debug/health")).isEqualTo("{}");
      assertThat(berth.get("/metrics").getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }
  }
}
