package dev.berth.e2e.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.EventSink;
import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard and the alert rules of `deploy/monitoring`, with a real Prometheus that scrapes a
/// Berth in use: each query must give something, each metric that they name must be there.
class PrometheusIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path FOLDER = Registries.repository().resolve("deploy/monitoring");
  private static final Pattern QUERY = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:berth|registry|process|jvm)_[a-z_]+(?<!_)\\b");

  /// The registry of the test has no TLS.
  private static final Set<String> NOT_HERE = Set.of("berth_certificate_expiry_timestamp_seconds");

  /// Parts of queries that rightly give nothing: no TLS, and nothing was refused.
  private static final Set<String> NOTHING =
      Set.of("berth_certificate_expiry_timestamp_seconds", "429|503|507");

  private static final String USERS =
      "bob:$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i\n";

  @TempDir private Path folder;

  private static String text(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> queries() {
    return QUERY
        .matcher(text("dashboard.json"))
        .results()
        .map(match -> match.group(1).replace("\\\"", "\""))
        .toList();
  }

  @Test
  void rulesPassTheirOwnTests() {
    Path promtool = Tools.get("promtool");

    Program.of(promtool, "check", "rules", "alerts.yml").in(FOLDER).run();
    Program.of(promtool, "test", "rules", "alerts_test.yml").in(FOLDER).run();
  }

  @Test
  void everyAlertHasATest() {
    Pattern alert = Pattern.compile("- alert: (\\w+)");
    String tests = text("alerts_test.yml");
    assertThat(alert.matcher(text("alerts.yml")).results().map(match -> match.group(1)))
        .hasSizeGreaterThan(10)
        .allMatch(name -> tests.contains("alertname: " + name + "\n"));
  }

  private Monitored start(EventSink events) throws IOException {
    Path users = Files.writeString(folder.resolve("users"), USERS);
    var environment =
        Map.of(
            "REGISTRY_AUTH", "htpasswd",
            "REGISTRY_AUTH_HTPASSWD_REALM", "images",
            "REGISTRY_AUTH_HTPASSWD_PATH", users.toString(),
            "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "redis",
            // Nobody is there, which is a number too.
            "REGISTRY_REDIS_ADDR", "127.0.0.1:9");
    return Monitored.start(
        Registries.BERTH, folder.resolve("store"), environment, events.config("5s"));
  }

  private Daemon prometheus(String address, String target) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['%s']
            scrape_configs:
              - job_name: berth
                static_configs: [{targets: ['%s']}]
            """
                .formatted(FOLDER.resolve("alerts.yml"), target));
    return Daemon.start(
        folder.resolve("prometheus.log"),
        List.of(
            Tools.get("prometheus").toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=" + address),
        () -> new RegistryClient(address).answers());
  }

  private static String ask(String prometheus, String query) {
    String target = "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    var answer = new RegistryClient(prometheus).send("GET", target, Map.of(), new byte[0]);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /// As Grafana fills them in when everything is shown.
  private static String filledIn(String query) {
    return query
        .replace("$job", ".*")
        .replace("$instance", ".*")
        .replace("$__rate_interval", "30s");
  }

  private static boolean isEmpty(String answer) {
    assertThat(answer).startsWith("{\"status\":\"success\"");
    return answer.contains("\"result\":[]");
  }

  private static void use(RegistryClient client) {
    SampleImage image = SampleImage.small(new Random(1));
    String login =
        "Basic " + Base64.getEncoder().encodeToString("bob:pass".getBytes(StandardCharsets.UTF_8));
    var headers = Map.of("Authorization", login, "Content-Type", "application/octet-stream");
    for (byte[] blob : image.blobs()) {
      String digest = Digests.sha256(blob);
      client.send("POST", "/v2/a/blobs/uploads/?digest=" + digest, headers, blob);
    }
    var manifest = Map.of("Authorization", login, "Content-Type", image.manifest().mediaType());
    client.send("PUT", "/v2/a/manifests/t", manifest, image.manifest().bytes());
    client.send("GET", "/v2/a/manifests/t", headers, new byte[0]);
    client.send("GET", "/v2/a/tags/list", Map.of(), new byte[0]);
  }

  @Test
  void everyQueryGivesSomethingAndEveryMetricIsThere() throws IOException {
    Tools.get("prometheus");
    String address = "127.0.0.1:" + LoopbackPorts.free();
    try (EventSink events = EventSink.start(true);
        var berth = start(events);
        Daemon _ = prometheus(address, berth.debug())) {
      Set<String> there = new TreeSet<>();
      Waiting.until(
          "every metric is exported",
          PATIENCE,
          () -> {
            use(berth.client());
            there.addAll(names(berth.scrape()));
            return there.containsAll(named());
          });
      List<String> queries =
          queries().stream().filter(query -> NOTHING.stream().noneMatch(query::contains)).toList();
      assertThat(queries).hasSizeGreaterThan(30);
      Set<String> empty = new TreeSet<>(queries);
      try {
        Waiting.until(
            "each query gives something",
            PATIENCE,
            () -> {
              use(berth.client());
              empty.removeIf(query -> !isEmpty(ask(address, filledIn(query))));
              return empty.isEmpty();
            });
      } catch (AssertionError e) {
        throw new AssertionError("these queries give nothing: " + empty, e);
      }
      var rules = new RegistryClient(address).send("GET", "/api/v1/rules", Map.of(), new byte[0]);
      assertThat(new String(rules.body(), StandardCharsets.UTF_8))
          .contains("BerthStoreDown", "\"health\":\"ok\"")
          .doesNotContain("\"health\":\"err\"");
    }
  }

  private static Set<String> named() {
    Set<String> named =
        METRIC
            .matcher(text("dashboard.json") + text("alerts.yml"))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toCollection(TreeSet::new));
    named.removeAll(NOT_HERE);
    assertThat(named).hasSizeGreaterThan(30);
    return named;
  }

  /// Those of the series, and those of the histograms that they belong to.
  private static Set<String> names(Scrape scrape) {
    Set<String> names = new TreeSet<>();
    for (String key : scrape.series().keySet()) {
      String name = key.replaceFirst("\\[.*", "");
      names.add(name);
      names.add(name.replaceFirst("_(bucket|sum|count)$", ""));
    }
    return names;
  }
}
