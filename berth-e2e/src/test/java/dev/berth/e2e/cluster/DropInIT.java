package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// From registry 2.8.2 to Berth and back, by a rollout and a rollback of the same Deployment, on
/// one volume and under one user, while users push and pull; few, since 2.8.2 computes a hash of
/// the password for each of their requests.
@OnCluster
@ResourceLock(Load.MACHINE)
final class DropInIT {
  private static final String NAMESPACE = "berth-e2e-dropin";

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private Example example;

  @BeforeAll
  void applyTheOldOne() {
    example = Example.copy(work, "40daysofkubernetes", NAMESPACE, "registry-kube");
    example.remove();
    example.apply(
        example.overlay(
            "base",
            "namespace: " + NAMESPACE,
            "components: [../../components/registry-2.8.2]",
            "patches:",
            Example.storageClass()));
    example.rollOut();
  }

  @AfterAll
  void remove() {
    example.remove();
  }

  @Test
  void theSwitchAndTheWayBackLoseNothing() {
    assertThat(image()).isEqualTo("registry:2.8.2");
    String url = "http://" + example.balancer();

    Load.Report there = loadWhile("to-berth", url, "first", this::berth);
    assertThat(image()).startsWith("berth:");
    Load.Report back = loadWhile("back-to-2.8.2", url, "second", this::rollBack);
    assertThat(image()).isEqualTo("registry:2.8.2");

    tell("2.8.2 to Berth", there);
    tell("Berth to 2.8.2", back);
    for (Load.Report report : new Load.Report[] {there, back}) {
      assertThat(report.count("images", "lost")).as(report.text()).isZero();
      assertThat(report.count("operations", "pull", "failed")).as(report.text()).isZero();
      assertThat(report.count("operations", "push", "failed")).as(report.text()).isZero();
      assertThat(report.count("images", "acknowledged")).isGreaterThan(5);
    }
  }

  private Load.Report loadWhile(String name, String url, String repository, Runnable change) {
    try (Load load =
        Load.start(
            name,
            example,
            url,
            "--duration",
            "45s",
            "--retry-for",
            "30s",
            "--repository",
            repository,
            "--users",
            "4",
            "--think",
            "1s",
            "--keep")) {
      change.run();
      example.rollOut();
      assertThat(load.runs()).as("the change was over before the load").isTrue();
      return load.report();
    }
  }

  private void berth() {
    example.apply(
        example.overlay("base", "namespace: " + NAMESPACE, "patches:", Example.storageClass()));
  }

  private void rollBack() {
    cluster.kubectl("-n", NAMESPACE, "rollout", "undo", "deployment/registry-kube");
  }

  private String image() {
    return example.pods().getFirst().getSpec().getContainers().getFirst().getImage();
  }

  /// What a client saw that tries again, as real ones do: refusals are counted, not hidden.
  private static void tell(String what, Load.Report report) {
    System.out.println(
        "seen: "
            + what
            + " under load: "
            + report.count("images", "acknowledged")
            + " images acknowledged, pushes tried again "
            + report.count("operations", "push", "retried")
            + ", pulls tried again "
            + report.count("operations", "pull", "retried")
            + ", lost "
            + report.count("images", "lost"));
  }
}
