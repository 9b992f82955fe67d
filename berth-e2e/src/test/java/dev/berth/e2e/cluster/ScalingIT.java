package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Table D item 1 with the registry itself: more and fewer replicas while ten users push and pull,
/// each of them gets its share, and pods elsewhere find it by its name.
@OnCluster
@ResourceLock(Load.MACHINE)
final class ScalingIT {
  private static final String NAMESPACE = "berth-e2e-scaling";
  private static final String CLIENTS = "berth-e2e-scaling-clients";

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private Example example;

  @BeforeAll
  void apply() {
    example = Example.copy(work, "registry-with-redis", NAMESPACE, "registry");
    example.remove();
    cluster.makeNamespace(CLIENTS);
    example.apply(
        example.overlay(
            "base",
            "namespace: " + NAMESPACE,
            "components: [../../components/http-probes, ../../components/metrics]",
            "patches:",
            Example.storageClass(),
            Example.loadBalancer(),
            Example.withoutRedis(),
            Example.metricsForAll()));
    example.rollOut();
  }

  @AfterAll
  void remove() {
    example.remove();
    cluster.removeNamespace(CLIENTS);
  }

  @Test
  void fromTwoToFiveAndBackUnderLoadCostsNoRequestAndEachReplicaGetsItsShare() {
    List<Integer> shares = new ArrayList<>();
    Load.Report report;
    try (Load load =
        Load.start(
            "scaling",
            example,
            "http://" + example.balancer(),
            "--duration",
            "60s",
            "--think",
            "300ms")) {
      scale(5);
      Waiting.until(
          "each of the five is asked",
          Duration.ofSeconds(50),
          () -> example.pods().stream().allMatch(pod -> requests(pod) > 0) || !load.runs());
      example.pods().forEach(pod -> shares.add(requests(pod)));
      scale(2);
      report = load.report();
    }
    System.out.println("seen: requests that each of five replicas had: " + shares);
    assertThat(report.both("failed")).as(report.text()).isZero();
    assertThat(report.count("images", "lost")).isZero();
  }

  /// A user is a connection, and the Service draws a replica for each: forty are enough for every
  /// one of five to be drawn, and for none to be drawn by most.
  @Test
  void fortyUsersAreSpreadOverFiveReplicas() {
    scale(5);
    Load.Report report;
    List<Integer> shares;
    try (Load load =
        Load.start(
            "spread",
            example,
            "http://" + example.balancer(),
            "--users",
            "40",
            "--duration",
            "15s",
            "--think",
            "500ms",
            "--repository",
            "spread")) {
      report = load.report();
      shares = example.pods().stream().map(pod -> requests(pod, "/v2/spread/")).toList();
    }
    System.out.println("seen: requests of forty users at five replicas: " + shares);
    scale(2);
    int all = shares.stream().mapToInt(Integer::intValue).sum();
    assertThat(report.both("failed")).as(report.text()).isZero();
    assertThat(shares).hasSize(5).allMatch(share -> share > 0 && share < all * 0.6);
  }

  @Test
  void podsThatAreKilledAreReplacedAndNothingAcknowledgedIsLost() {
    Load.Report report;
    try (Load load =
        Load.start(
            "killed",
            example,
            "http://" + example.balancer(),
            "--duration",
            "30s",
            "--retry-for",
            "60s",
            "--repository",
            "killed",
            "--think",
            "300ms")) {
      for (int i = 0; i < 3; i++) {
        String pod = example.pods().getFirst().getMetadata().getName();
        cluster.kubectl("-n", NAMESPACE, "delete", "pod", pod, "--force", "--grace-period=0");
        example.rollOut();
      }
      report = load.report();
    }
    System.out.println(
        "seen: three pods killed: " + report.both("retried") + " operations tried again");
    assertThat(report.both("failed")).as(report.text()).isZero();
    assertThat(report.count("images", "lost")).as(report.text()).isZero();
  }

  @Test
  void podsOfOtherNamespacesFindItByItsName() {
    Pod client = cluster.client(CLIENTS);

    assertThat(
            Connections.fromPod(cluster, client, "client", "registry." + NAMESPACE + ".svc", 5000))
        .isEqualTo(Connections.Result.OPEN);
  }

  /// A real Prometheus; Debian's knows no Kubernetes, so it is told where the pods are.
  @Test
  void aPrometheusScrapesEveryReplicaAndWatchesTheRules() throws IOException {
    String address = "127.0.0.1:" + LoopbackPorts.free();
    Path rules = Registries.repository().resolve("deploy/monitoring/alerts.yml");
    Path config =
        Files.writeString(
            work.resolve("prometheus.yml"),
            """
            global: {scrape_interval: 2s, evaluation_interval: 2s}
            rule_files: ['%s']
            scrape_configs:
            - job_name: berth
              static_configs: [{targets: [%s]}]
            """
                .formatted(
                    rules,
                    example.pods().stream()
                        .map(pod -> pod.getStatus().getPodIP() + ":5001")
                        .collect(Collectors.joining(","))));
    try (Daemon _ =
        Daemon.start(
            work.resolve("prometheus.log"),
            List.of(
                Tools.get("prometheus").toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + work.resolve("data"),
                "--web.listen-address=" + address),
            () -> new RegistryClient(address).answers())) {
      long replicas = example.pods().size();
      Waiting.until(
          "all replicas are scraped",
          Duration.ofMinutes(1),
          () -> ask(address, "sum(up{job=\"berth\"})").contains("\"" + replicas + "\""));
      Waiting.until(
          "their metrics are there",
          Duration.ofMinutes(1),
          () -> ask(address, "count(berth_build_info)").contains("\"" + replicas + "\""));
      var answer = new RegistryClient(address).send("GET", "/api/v1/rules", Map.of(), new byte[0]);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8))
          .contains("\"health\":\"ok\"")
          .doesNotContain("\"health\":\"err\"");
    }
  }

  private static String ask(String prometheus, String query) {
    String target = "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    var answer = new RegistryClient(prometheus).send("GET", target, Map.of(), new byte[0]);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private void scale(int replicas) {
    cluster.kubectl("-n", NAMESPACE, "scale", "deployment/registry", "--replicas=" + replicas);
    example.rollOut();
  }

  private int requests(Pod pod) {
    return requests(pod, "/v2/load/");
  }

  /// Those whose path begins so, by its access log.
  private int requests(Pod pod, String path) {
    return cluster.lines(pod, "registry", path);
  }
}
