package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.cluster.Connections.Result;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Table B: `examples/clouddrove`, applied to a real cluster: first to the letter, whose cuts are
/// counted, then the form that mends them.
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CloudDroveIT {
  private static final String NAMESPACE = "clouddrove";
  private static final String CLIENTS = "berth-e2e-drove";
  private static final String CONTAINER = "registry-clouddrove";

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private final Nodes nodes = Nodes.get();
  private Example example;

  @BeforeAll
  void apply() throws IOException {
    cluster.makeNamespace(CLIENTS);
    example = Example.copy(work, "clouddrove", NAMESPACE, "registry-clouddrove");
    example.remove();
    Path settings = example.folder().resolve("base/settings.env");
    Files.writeString(settings, "REGISTRY_STORAGE_DELETE_ENABLED=false\n");
    example.apply(example.overlay("base", "patches:", Example.volume("registry-clouddrove")));
    example.giveVolume();
    example.rollOut();
  }

  @BeforeEach
  void allIsWell() {
    example.rollOut();
  }

  @AfterAll
  void remove() {
    example.remove();
    cluster.removeNamespace(CLIENTS);
  }

  @Test
  void theDoctorMissesALivenessProbeInTheLetterAndNothingElse() {
    assertThat(Doctor.ofManifests(cluster, work, NAMESPACE).out())
        .contains("has a readinessProbe and no livenessProbe")
        .endsWith(" 1 warnings, 0 failed, 0 skipped\n");
  }

  @Test
  void threeReplicasAreOnThreeNodesInThreeZonesAndSeeOneStore() {
    List<Pod> pods = example.pods();

    assertThat(pods).hasSize(3).allMatch(Cluster::isReady);
    var places = pods.stream().map(pod -> pod.getSpec().getNodeName()).distinct().toList();
    assertThat(places).hasSize(3);
    assertThat(places.stream().map(cluster::zone).distinct()).hasSize(3);
    var claim =
        cluster
            .client()
            .persistentVolumeClaims()
            .inNamespace(NAMESPACE)
            .withName("registry-data")
            .require();
    assertThat(claim.getSpec().getVolumeName()).isEqualTo("registry-clouddrove");
    assertThat(claim.getStatus().getCapacity().get("storage")).hasToString("50Gi");

    cluster.exec(pods.getFirst(), CONTAINER, "touch", "/var/lib/clouddrove/seen").orFail();
    pods.forEach(
        pod -> cluster.exec(pod, CONTAINER, "test", "-f", "/var/lib/clouddrove/seen").orFail());
  }

  /// The table of `examples/clouddrove/README.md`.
  @Test
  void theLetterOfThePolicyCutsOffNodesDnsAndEverybodyOutside() {
    Pod outside = cluster.client(CLIENTS);
    Pod inside = example.restrictedClient();
    String service = clusterIp(NAMESPACE, "registry-clouddrove");
    String dns = clusterIp("kube-system", "kube-dns");
    String balancer = example.balancer().replaceFirst(":.*", "");

    for (Pod pod : example.pods()) {
      String address = pod.getStatus().getPodIP();
      assertThat(Connections.fromPod(cluster, inside, "client", address, 5000))
          .isEqualTo(Result.OPEN);
      assertThat(Connections.fromPod(cluster, inside, "client", address, 5001))
          .isEqualTo(Result.DROPPED);
      assertThat(Connections.fromPod(cluster, outside, "client", address, 5000))
          .isEqualTo(Result.DROPPED);
      assertThat(Connections.fromPod(cluster, pod, CONTAINER, dns, 53)).isEqualTo(Result.DROPPED);
    }
    assertThat(Connections.fromPod(cluster, inside, "client", service, 5000))
        .isEqualTo(Result.OPEN);
    assertThat(Connections.fromPod(cluster, inside, "client", "registry-clouddrove", 5000))
        .isNotEqualTo(Result.OPEN);

    Map<Result, Long> pulls = new TreeMap<>();
    for (int i = 0; i < 4; i++) {
      cluster
          .workers()
          .forEach(
              node ->
                  pulls.merge(
                      Connections.fromNode(nodes, node.getMetadata().getName(), balancer, 5000),
                      1L,
                      Long::sum));
    }
    System.out.println("seen: by the letter of table B nodes reach the Service: " + pulls);
    assertThat(pulls.get(Result.DROPPED)).isPositive();
  }

  /// The file says that deletes are taken, the variable that they are not.
  @Test
  void aVariableGoesBeforeTheConfigMapsFile() {
    Pod pod = example.pods().getFirst();

    assertThat(cluster.exec(pod, CONTAINER, "cat", "/etc/docker/registry/config.yml").out())
        .containsPattern("delete:\\s+enabled: true");
    assertThat(statusOfADelete()).isEqualTo(405);
  }

  @Test
  void withTwoNodesLeftTheThirdReplicaWaits() {
    Pod pod = example.pods().getFirst();
    String node = pod.getSpec().getNodeName();

    cluster.kubectl("cordon", node);
    try {
      cluster.kubectl("-n", NAMESPACE, "delete", "pod", pod.getMetadata().getName());
      Waiting.until(
          "the third replica waits and says why",
          Duration.ofSeconds(30),
          () ->
              example.pods().stream()
                  .flatMap(one -> one.getStatus().getConditions().stream())
                  .anyMatch(
                      condition ->
                          String.valueOf(condition.getMessage()).contains("anti-affinity")));
      assertThat(example.pods().stream().filter(Cluster::isReady)).hasSize(2);
    } finally {
      cluster.kubectl("uncordon", node);
    }
    example.rollOut();
  }

  @Test
  void theSecretForPullsHoldsTheLoginAndNoConfigMapDoes() throws Exception {
    var secret =
        cluster.client().secrets().inNamespace(NAMESPACE).withName("registry-pull").require();

    assertThat(secret.getType()).isEqualTo("kubernetes.io/dockerconfigjson");
    String shown =
        Serialization.asYaml(cluster.client().configMaps().inNamespace(NAMESPACE).list().getItems())
            + Serialization.asYaml(example.pods());
    assertThat(shown)
        .contains("REGISTRY_STORAGE_DELETE_ENABLED")
        .doesNotContain(
            example.password(), Files.readString(example.folder().resolve("base/http-secret")));
  }

  /// Comes last: it changes what the others look at.
  @Test
  @Order(Integer.MAX_VALUE)
  void theProductionFormLetsNodesAndClientsInHasTlsAndRestartsAServerThatHangs() throws Exception {
    String host = example.balancer();
    String address = host.replaceFirst(":.*", "");
    var certificate = TestCertificate.make(work, "drove", "ip:" + address);
    example.tlsSecret(certificate);
    nodes.trust(host, certificate.certificate());
    example.pullSecret(CLIENTS, host);
    example.apply(example.overlay("production", "patches:", Example.volume("registry-clouddrove")));
    example.rollOut();

    Path trusted = Files.createDirectory(work.resolve("trusted"));
    Files.copy(certificate.certificate(), trusted.resolve("ca.crt"));
    PulledImage image = PulledImage.make(work);
    String login = example.user() + ":" + example.password();
    image
        .push(host + "/team/app:1", List.of("--dest-cert-dir=" + trusted, "--dest-creds=" + login))
        .orFail();
    for (var node : cluster.workers()) {
      String name = node.getMetadata().getName();
      Pod pod = PulledImage.run(cluster, CLIENTS, "on-" + name, host + "/team/app:1", name, "pull");
      assertThat(Cluster.status(pod, "on-" + name).getImageID()).contains(image.digest());
    }

    Pod hung = example.pods().getFirst();
    nodes.freeze(hung, CONTAINER);
    Waiting.until(
        "the HTTP probe restarts a server that hangs",
        Duration.ofMinutes(2),
        () -> cluster.restarts(hung, CONTAINER) > 0);
    example.rollOut();
  }

  /// This machine gets through to a replica only around the policy: by a tunnel of the API server.
  private int statusOfADelete() {
    String pod = example.pods().getFirst().getMetadata().getName();
    try (var tunnel =
        cluster.client().pods().inNamespace(NAMESPACE).withName(pod).portForward(5000)) {
      return new RegistryClient("127.0.0.1:" + tunnel.getLocalPort())
          .send(
              "DELETE",
              "/v2/none/manifests/sha256:" + "0".repeat(64),
              Map.of("Authorization", example.basic()),
              new byte[0])
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String clusterIp(String namespace, String service) {
    return cluster
        .client()
        .services()
        .inNamespace(namespace)
        .withName(service)
        .require()
        .getSpec()
        .getClusterIP();
  }
}
