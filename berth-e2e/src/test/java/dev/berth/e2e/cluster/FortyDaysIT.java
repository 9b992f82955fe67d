package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.cluster.Connections.Result;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Table A: `examples/40daysofkubernetes`, applied to a real cluster.
@OnCluster
@ResourceLock(FortyDaysIT.NAMESPACE)
final class FortyDaysIT {
  static final String NAMESPACE = "40daysofkubernetes";
  private static final String CLIENTS = "berth-e2e-forty";
  private static final String CONTAINER = "registry-kube";
  private static final String DATA = "/var/lib/40daysofkubernetes";

  /// Longer than any probe of the example needs to see a server that is gone.
  private static final Duration RESTARTED = Duration.ofSeconds(90);

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private final Nodes nodes = Nodes.get();
  private Example example;
  private String registry;

  @BeforeAll
  void apply() {
    cluster.makeNamespace(CLIENTS);
    example = Example.copy(work, "40daysofkubernetes", NAMESPACE, "registry-kube");
    example.remove();
    example.apply(example.overlay("base", "patches:", Example.storageClass()));
    example.rollOut();
    registry = example.balancer();
    nodes.trustPlain(registry);
    example.pullSecret(CLIENTS, registry);
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
  void theDoctorFindsNothingWrongWithTheManifests() {
    assertThat(Doctor.ofManifests(cluster, work, NAMESPACE).out()).endsWith(Doctor.NOTHING_WRONG);
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
  void theServerIsTheFirstProcessOfTheContainerThatTheTableNames() {
    for (Pod pod : example.pods()) {
      assertThat(cluster.exec(pod, CONTAINER, "cat", "/proc/1/comm").orFail().text())
          .isEqualTo("java");
      assertThat(cluster.exec(pod, CONTAINER, "id", "-u").orFail().text()).isEqualTo("1000");
      var resources = pod.getSpec().getContainers().getFirst().getResources();
      assertThat(resources.getRequests().get("memory")).hasToString("1Gi");
      assertThat(resources.getLimits().get("memory")).hasToString("2Gi");
      assertThat(pod.getStatus().getInitContainerStatuses().getFirst().getState().getTerminated())
          .satisfies(ended -> assertThat(ended.getExitCode()).isZero());
    }
  }

  @Test
  void aPodOfAnotherNamespacePullsWithTheSecretAndNoneWithout() throws Exception {
    PulledImage image = push("team/app:1");

    Pod pod = PulledImage.run(cluster, CLIENTS, "pulls", registry + "/team/app:1", null, "pull");
    PulledImage.start(cluster, CLIENTS, "refused", registry + "/team/app:1", null, null);

    assertThat(Cluster.status(pod, "pulls").getImageID()).contains(image.digest());
    Waiting.until(
        "a pull without a login is refused",
        Duration.ofMinutes(1),
        () -> cluster.waits(CLIENTS, "refused").contains("401"));
  }

  @Test
  void whatWasPushedLiesUnderTheFolderAndOutlivesAllPods() throws Exception {
    PulledImage image = push("team/kept:1");
    String digest = image.digest().replaceFirst("^sha256:", "");
    String file =
        DATA + "/docker/registry/v2/blobs/sha256/" + digest.substring(0, 2) + "/" + digest;
    for (Pod pod : example.pods()) {
      cluster.exec(pod, CONTAINER, "test", "-f", file + "/data").orFail();
    }

    Set<String> before = names(example.pods());
    cluster.kubectl("-n", NAMESPACE, "delete", "pods", "--all");
    example.rollOut();

    assertThat(names(example.pods())).doesNotContainAnyElementsOf(before);
    Pod pod = PulledImage.run(cluster, CLIENTS, "after", registry + "/team/kept:1", null, "pull");
    assertThat(Cluster.status(pod, "after").getImageID()).contains(image.digest());
  }

  /// A tag that moved is not seen by a node that has one of that name; a digest cannot be mistaken.
  @Test
  void aMovedTagIsStaleOnANodeThatHasItAndADigestNever() throws Exception {
    String node = cluster.workers().getFirst().getMetadata().getName();
    String name = registry + "/team/moved:latest";
    PulledImage old = push("team/moved:latest");
    PulledImage.run(cluster, CLIENTS, "old", name, node, "pull");
    PulledImage now = push("team/moved:latest");

    Pod stale = PulledImage.runIfNotPresent(cluster, CLIENTS, "stale", name, node);
    String digest = registry + "/team/moved@" + now.digest();
    Pod right = PulledImage.runIfNotPresent(cluster, CLIENTS, "right", digest, node);

    assertThat(Cluster.status(stale, "stale").getImageID()).contains(old.digest());
    assertThat(Cluster.status(right, "right").getImageID()).contains(now.digest());
  }

  /// The two are taken at once, since each takes long: one pod closes its port, the other hangs
  /// with its port open.
  @Test
  void theTcpProbeRestartsAServerThatStoppedListeningAndDoesNotSeeOneThatHangs() {
    List<Pod> pods = example.pods();
    Pod closed = pods.getFirst();
    Pod hung = pods.getLast();

    nodes.freeze(hung, CONTAINER);
    nodes.stopListening(closed, CONTAINER, 5000);
    long began = System.nanoTime();
    Waiting.until("restarted", RESTARTED, () -> cluster.restarts(closed, CONTAINER) > 0);
    seen("a server that stopped listening was restarted after %s", since(began));

    // The other one has 90 s to be restarted in, and is not.
    while (since(began).compareTo(Duration.ofSeconds(90)) < 0) {
      assertThat(cluster.restarts(hung, CONTAINER)).isZero();
      Waiting.pause(Duration.ofSeconds(1));
    }
    assertThat(Cluster.isReady(cluster.again(hung))).isFalse();
    nodes.signal(hung, CONTAINER, "CONT");
    example.rollOut();
  }

  @Test
  void aChangedConfigMapTakesEffectAndNoCredentialIsInOne() throws Exception {
    Path config = example.folder().resolve("base/config.yml");
    String changed =
        Files.readString(config).replace("realm: 40daysofkubernetes", "realm: changed");
    String before = Files.readString(config);
    Files.writeString(config, changed);
    example.apply(example.overlay("base", "patches:", Example.storageClass()));
    example.rollOut();

    var answer = new RegistryClient(registry).send("GET", "/v2/", Map.of(), new byte[0]);
    assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Basic realm=\"changed\"");
    Files.writeString(config, before);

    String hash = Files.readString(example.folder().resolve("base/htpasswd")).strip();
    String secret = Files.readString(example.folder().resolve("base/http-secret")).strip();
    String shown =
        Serialization.asYaml(cluster.client().configMaps().inNamespace(NAMESPACE).list().getItems())
            + Serialization.asYaml(example.pods());
    assertThat(shown).contains("rootdirectory").doesNotContain(example.password(), hash, secret);
  }

  @Test
  void whatIsNeededGetsThroughThePoliciesAndNothingElse() {
    Pod client = cluster.client(CLIENTS);
    String api = "kubernetes.default.svc";

    String service = "registry-kube." + NAMESPACE + ".svc";
    assertThat(Connections.fromPod(cluster, client, "client", service, 5000))
        .isEqualTo(Result.OPEN);
    assertThat(Connections.fromPod(cluster, client, "client", api, 443)).isEqualTo(Result.OPEN);
    assertThat(Connections.fromOutside(registry.replaceFirst(":.*", ""), 5000))
        .isEqualTo(Result.OPEN);
    for (Pod pod : example.pods()) {
      String address = pod.getStatus().getPodIP();
      assertThat(Connections.fromPod(cluster, client, "client", address, 5000))
          .isEqualTo(Result.OPEN);
      assertThat(Connections.fromPod(cluster, client, "client", address, 5001))
          .isEqualTo(Result.DROPPED);
      // The name is looked up, so the DNS was reached; the API server is not.
      assertThat(cluster.exec(pod, CONTAINER, "nslookup", api + ".cluster.local").exit()).isZero();
      assertThat(Connections.fromPod(cluster, pod, CONTAINER, api, 443)).isEqualTo(Result.DROPPED);
    }
    cluster
        .workers()
        .forEach(
            node ->
                assertThat(
                        Connections.fromNode(
                            nodes,
                            node.getMetadata().getName(),
                            registry.replaceFirst(":.*", ""),
                            5000))
                    .isEqualTo(Result.OPEN));
  }

  private PulledImage push(String name) throws Exception {
    PulledImage image = PulledImage.make(work);
    image.push(registry + "/" + name, example.plainLogin()).orFail();
    return image;
  }

  private static Set<String> names(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getName()).collect(Collectors.toSet());
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static void seen(String what, Duration time) {
    System.out.println("seen: " + what.formatted(time.toSeconds() + " s"));
  }
}
