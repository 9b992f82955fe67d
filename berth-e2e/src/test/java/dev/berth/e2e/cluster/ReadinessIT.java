package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Table B item 7 to the letter, on one replica in a namespace of its own, since it takes minutes.
@OnCluster
final class ReadinessIT {
  private static final String NAMESPACE = "berth-e2e-readiness";
  private static final String CONTAINER = "registry-clouddrove";

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private final Nodes nodes = Nodes.get();
  private Example example;

  @BeforeAll
  void apply() {
    example = Example.copy(work, "clouddrove", NAMESPACE, "registry-clouddrove");
    example.remove();
    example.apply(
        example.overlay(
            "base",
            "namespace: " + NAMESPACE,
            "replicas: [{name: registry-clouddrove, count: 1}]",
            "patches:",
            Example.claimOnly(),
            Example.storageClass()));
    example.rollOut();
  }

  @AfterAll
  void remove() {
    example.remove();
  }

  /// 90 s without an answer: out of the Service, and not restarted, then or half a minute later.
  @Test
  void readinessAloneTakesAServerOutOfTheServiceAndNeverRestartsIt() {
    Pod pod = example.pods().getFirst();

    nodes.stopListening(pod, CONTAINER, 5000);

    Waiting.until("not ready", Duration.ofMinutes(2), () -> !Cluster.isReady(cluster.again(pod)));
    Waiting.pause(Duration.ofSeconds(30));
    assertThat(cluster.restarts(pod, CONTAINER)).isZero();
    assertThat(Cluster.isReady(cluster.again(pod))).isFalse();
  }
}
