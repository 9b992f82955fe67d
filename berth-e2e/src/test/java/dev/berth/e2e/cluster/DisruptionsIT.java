package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What happens to a cluster every week, while ten users push and pull: graceful changes cost no
/// request, a node that is lost costs none that is tried again. Three replicas on three nodes:
/// table B, with the probes and policies of its production form.
@OnCluster
@Isolated
final class DisruptionsIT {
  private static final String NAMESPACE = "clouddrove";
  private static final String CONTAINER = "registry-clouddrove";

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private final Nodes nodes = Nodes.get();
  private Example example;
  private String url;

  @BeforeAll
  void apply() {
    example = Example.copy(work, "clouddrove", NAMESPACE, "registry-clouddrove");
    example.remove();
    example.apply(
        example.overlay(
            "production", "patches:", Example.volume("registry-clouddrove"), Example.withoutTls()));
    example.giveVolume();
    example.rollOut();
    url = "http://" + example.balancer();
  }

  @AfterAll
  void remove() {
    example.remove();
  }

  @Test
  void aRollingUpdateCostsNoRequest() {
    long since;
    Load.Report report;
    try (Load load = Load.start("rolling-update", example, url, "--duration", "75s")) {
      since = load.seconds();
      cluster.kubectl("-n", NAMESPACE, "rollout", "restart", "deployment/registry-clouddrove");
      example.rollOut();
      assertThat(load.runs()).as("the update was over before the load").isTrue();
      report = load.report();
    }
    assertNothingFailed(report, since);
    assertMemoryWasEnough();
  }

  /// Table B item 12; `.ci/long` does it on each node. The restart stands for the new kubelet.
  @Test
  void aNodeIsDrainedItsKubeletRestartedAndTakenBackWithoutAFailedRequest() {
    for (String node : disrupted()) {
      long since;
      Load.Report report;
      try (Load load = Load.start("drain-" + node, example, url, "--duration", "60s")) {
        since = load.seconds();
        cluster.kubectl("cordon", node);
        cluster.kubectl(
            "drain",
            node,
            "--ignore-daemonsets",
            "--delete-emptydir-data",
            "--force",
            "--timeout=5m");
        assertThat(example.pods().stream().filter(Cluster::isReady)).hasSize(2);
        nodes.restartKubelet(node);
        cluster.kubectl("uncordon", node);
        cluster.kubectl("wait", "node/" + node, "--for=condition=Ready", "--timeout=2m");
        example.rollOut();
        report = load.report();
      }
      assertNothingFailed(report, since);
    }
  }

  @Test
  void aNodeThatIsLostCostsNothingThatIsTriedAgain() {
    for (String node : disrupted()) {
      long since;
      Load.Report report;
      try (Load load =
          Load.start("lost-" + node, example, url, "--duration", "75s", "--retry-for", "120s")) {
        since = load.seconds();
        command("NODE_STOP", node);
        try {
          report = load.report();
          assertThat(isReady(node)).as("the node was not lost").isFalse();
        } finally {
          command("NODE_START", node);
        }
      }
      System.out.println(
          "seen: node "
              + node
              + " lost under load: "
              + report.both("retried")
              + " operations tried again, "
              + report.both("failed")
              + " failed");
      assertNothingFailed(report, since);
      Waiting.until("all is as it was", Duration.ofMinutes(4), this::isSettled);
    }
  }

  /// Whether three replicas are reached for five seconds on end: a node that is back says for a
  /// while that its pods are ready, as they were when it was lost.
  private boolean isSettled() {
    for (int i = 0; i < 5; i++) {
      List<Pod> pods = example.pods();
      if (pods.size() != 3
          || !pods.stream().allMatch(Cluster::isReady)
          || !pods.stream().allMatch(DisruptionsIT::isReached)) {
        return false;
      }
      Waiting.pause(Duration.ofSeconds(1));
    }
    return true;
  }

  private boolean isReady(String node) {
    return cluster.client().nodes().withName(node).require().getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  private static boolean isReached(Pod pod) {
    return Connections.fromOutside(pod.getStatus().getPodIP(), 5000) == Connections.Result.OPEN;
  }

  /// Nodes, one after the other; each has a replica.
  private List<String> disrupted() {
    return cluster.workers().stream()
        .map(node -> node.getMetadata().getName())
        .toList()
        .subList(0, Integer.getInteger("berth.e2e.nodes", 1));
  }

  private static void command(String setting, String node) {
    String line = System.getenv("BERTH_E2E_" + setting);
    Tools.require(line != null, "BERTH_E2E_" + setting + " does not say how to lose a node");
    Program.of("/bin/sh", "-c", line + " " + node).run();
  }

  private static void assertNothingFailed(Load.Report report, long since) {
    System.out.println(
        "seen: failed before the change " + (report.both("failed") - report.failedFrom(since)));
    assertThat(report.failedFrom(since)).as(report.text()).isZero();
    assertThat(report.count("images", "lost")).as(report.text()).isZero();
    assertThat(report.count("images", "notVerified")).as(report.text()).isZero();
    assertThat(report.count("images", "acknowledged")).isGreaterThan(10);
  }

  /// Asks the control group itself, of either version: a status shows only some kills.
  private void assertMemoryWasEnough() {
    for (Pod pod : example.pods()) {
      String said =
          cluster
              .exec(
                  pod,
                  CONTAINER,
                  "sh",
                  "-c",
                  "cd /sys/fs/cgroup; cat memory.events memory.peak memory/memory.oom_control"
                      + " memory/memory.max_usage_in_bytes 2>/dev/null; true")
              .text();
      assertThat(said).contains("oom_kill 0");
      System.out.println("seen: memory under load: " + said.replaceAll("\\s+", " "));
    }
    Waiting.until("all ready", Duration.ofMinutes(1), () -> example.pods().size() == 3);
  }
}
