package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Table A: `examples/40daysofkubernetes`, applied to a real cluster.
@OnCluster
final class FortyDaysIT {
  private static final String NAMESPACE = "40daysofkubernetes";
  private static final String CLIENTS = "berth-e2e-clients";
  @TempDir static Path work;

  private static Cluster cluster;
  private static Nodes nodes;
  private static Example example;
  private static String registry;

  @BeforeAll
  static void apply() {
    cluster = Cluster.get();
    nodes = Nodes.of(cluster);
    cluster.makeNamespace(CLIENTS);
    example = Example.copy(work, "40daysofkubernetes", NAMESPACE, "registry-kube");
    example.remove();
    example.apply(example.overlay("base", "patches:", Example.storageClass()));
    example.rollOut();
    registry = cluster.balancerAddress(NAMESPACE, "registry-kube") + ":5000";
    nodes.trustPlain(registry);
    cluster.kubectl(
        "-n",
        CLIENTS,
        "create",
        "secret",
        "docker-registry",
        "pull",
        "--docker-server=" + registry,
        "--docker-username=" + example.user(),
        "--docker-password=" + example.password());
  }

  @AfterAll
  static void remove() {
    example.remove();
    cluster.removeNamespace(CLIENTS);
    nodes.close();
  }

  @Test
  void twoReplicasAreOnTwoNodesInTwoZones() {
    List<Pod> pods = example.pods();

    assertThat(pods).hasSize(2).allMatch(Cluster::isReady);
    Set<String> places =
        pods.stream().map(pod -> pod.getSpec().getNodeName()).collect(Collectors.toSet());
    assertThat(places).hasSize(2);
    assertThat(places.stream().map(cluster::zone).distinct()).hasSize(2);
  }

  @Test
  void aPodOfAnotherNamespacePullsWithTheSecret() throws Exception {
    PulledImage image = PulledImage.make(work);
    image
        .push(
            registry + "/team/app:1",
            List.of(
                "--dest-tls-verify=false",
                "--dest-creds=" + example.user() + ":" + example.password()))
        .orFail();

    Pod pod = PulledImage.run(cluster, CLIENTS, "pulls", registry + "/team/app:1", null, "pull");

    assertThat(Cluster.status(pod, "pulls").getImageID()).contains(image.digest());
  }
}
