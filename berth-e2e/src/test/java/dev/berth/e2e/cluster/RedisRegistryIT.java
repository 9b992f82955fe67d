package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Nginx;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Table C: `examples/registry-with-redis`, applied to a real cluster: with a Redis in each pod,
/// then with one that has a copy.
@OnCluster
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class RedisRegistryIT {
  private static final String NAMESPACE = "registry";
  private static final String CLIENTS = "berth-e2e-redis";
  private static final String HOST = "registry.example.com";
  private static final int NODE_PORT = 30500;

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private final Nodes nodes = Nodes.get();
  private Example example;
  private List<String> addresses;

  @BeforeAll
  void apply() {
    cluster.makeNamespace(CLIENTS);
    example = Example.copy(work, "registry-with-redis", NAMESPACE, "registry");
    example.remove();
    example.apply(overlay("sidecar"));
    example.rollOut();
    addresses = cluster.workers().stream().map(RedisRegistryIT::address).toList();
    nodes.name(Cluster.setting("INGRESS", null), HOST);
    example.pullSecret(CLIENTS, HOST);
  }

  @AfterAll
  void remove() {
    example.remove();
    cluster.removeNamespace(CLIENTS);
  }

  private Path overlay(String form) {
    return example.overlay(form, "patches:", Example.storageClass(), Example.ingressClass());
  }

  private static String address(io.fabric8.kubernetes.api.model.Node node) {
    return node.getStatus().getAddresses().stream()
        .filter(address -> address.getType().equals("InternalIP"))
        .findFirst()
        .orElseThrow()
        .getAddress();
  }

  @Test
  @Order(1)
  void catalogAndTagsAreListedToThoseWhoLogInAndToNobodyElse() {
    push("team/listed:1");

    assertThat(text(get("/v2/_catalog", example.basic()))).contains("\"team/listed\"");
    assertThat(text(get("/v2/team/listed/tags/list", example.basic()))).contains("\"1\"");
    assertThat(get("/v2/_catalog", basic("alice:wrong")).statusCode()).isEqualTo(401);
    assertThat(get("/v2/_catalog", "").statusCode()).isEqualTo(401);
  }

  @Test
  @Order(2)
  void podsPullThroughThePortOfEachNode() {
    PulledImage image = push("team/app:1");
    for (String address : addresses) {
      String host = address + ":" + NODE_PORT;
      String name = "port-" + address.replace('.', '-');
      nodes.trustPlain(host);
      example.pullSecret(CLIENTS, name, host);

      Pod pod = PulledImage.run(cluster, CLIENTS, name, host + "/team/app:1", null, name);

      assertThat(Cluster.status(pod, name).getImageID()).contains(image.digest());
    }
  }

  @Test
  @Order(3)
  void podsPullThroughAnIngressWithoutTls() {
    PulledImage image = push("team/plain:1");
    nodes.trustPlain(HOST);

    Pod pod = PulledImage.run(cluster, CLIENTS, "plain", HOST + "/team/plain:1", null, "pull");

    assertThat(Cluster.status(pod, "plain").getImageID()).contains(image.digest());
  }

  /// The cache of `deploy/nginx` on this machine, which has a name in the cluster's DNS.
  @Test
  @Order(4)
  void podsPullByADnsNameThroughACacheThatAsksTheRegistryOnce() {
    PulledImage image = push("team/kept:1");
    List<String> two = addresses.stream().limit(2).map(one -> one + ":" + NODE_PORT).toList();
    try (Nginx cache = Nginx.shipped("registry-cache.conf", work, null, two)) {
      String host = Cluster.setting("HOST", null) + ":" + cache.port();
      nodes.trustPlain(host);
      example.pullSecret(CLIENTS, "cache", host);
      for (var node : cluster.workers()) {
        String name = "kept-" + node.getMetadata().getName();
        String where = node.getMetadata().getName();
        Pod pod = PulledImage.run(cluster, CLIENTS, name, host + "/team/kept:1", where, "cache");
        assertThat(Cluster.status(pod, name).getImageID()).contains(image.digest());
      }
      // A layer and a configuration, each by the first of three nodes.
      assertThat(
              example.pods().stream()
                  .mapToInt(pod -> cluster.lines(pod, "registry", "\"GET /v2/team/kept/blobs/"))
                  .sum())
          .isEqualTo(2);
      Pod client = cluster.client(CLIENTS);
      assertThat(
              Connections.fromPod(
                  cluster, client, "client", host.replaceFirst(":.*", ""), cache.port()))
          .isEqualTo(Connections.Result.OPEN);
    }
  }

  @Test
  @Order(5)
  void eachRedisIsUsedAndWhatWasDeletedIsGoneWhateverTheyRemember() {
    PulledImage image = push("team/deleted:1");
    String path = "/v2/team/deleted/manifests/" + image.digest();
    for (int i = 0; i < 20; i++) {
      assertThat(get(path, example.basic()).statusCode()).isEqualTo(200);
    }
    for (Pod pod : example.pods()) {
      assertThat(redis(pod, "redis", "dbsize")).isNotEqualTo("0");
    }

    assertThat(send("DELETE", path, example.basic()).statusCode()).isEqualTo(202);

    for (int i = 0; i < 40; i++) {
      assertThat(get(path, example.basic()).statusCode()).isEqualTo(404);
    }
  }

  @Test
  @Order(6)
  void aRedisThatEndsCostsNoPull() {
    PulledImage image = push("team/uncached:1");
    List<Pod> pods = example.pods();
    pods.forEach(pod -> redis(pod, "redis", "shutdown", "nosave"));

    for (int i = 0; i < 20; i++) {
      assertThat(get("/v2/team/uncached/manifests/" + image.digest(), example.basic()).statusCode())
          .isEqualTo(200);
    }
    Waiting.until(
        "kubelet starts each Redis again",
        Duration.ofMinutes(1),
        () -> pods.stream().allMatch(pod -> cluster.restarts(pod, "redis") > 0));
  }

  @Test
  @Order(7)
  void withAPrimaryAndACopyPodsPullThroughAnIngressWithTls() {
    PulledImage image = push("team/tls:1");
    var certificate = TestCertificate.make(work, "ingress", "dns:" + HOST);
    example.tlsSecret(certificate);
    nodes.trust(HOST, certificate.certificate());
    example.apply(overlay("replicated"));
    cluster.kubectl("-n", NAMESPACE, "rollout", "status", "statefulset/redis", "--timeout=120s");
    example.rollOut();

    Pod pod = PulledImage.run(cluster, CLIENTS, "tls", HOST + "/team/tls:1", null, "pull");

    assertThat(Cluster.status(pod, "tls").getImageID()).contains(image.digest());
    Program.Outcome doctor =
        Doctor.fromOutside(
            work,
            example,
            "https://" + HOST,
            Cluster.setting("INGRESS", null) + " " + HOST + "\n",
            "--ca",
            certificate.certificate());
    assertThat(doctor.out()).endsWith(Doctor.NOTHING_WRONG);
    assertThat(Doctor.ofManifests(cluster, work, NAMESPACE).out()).endsWith(Doctor.NOTHING_WRONG);
    Waiting.until(
        "redis-1 is a copy of redis-0",
        Duration.ofMinutes(1),
        () ->
            redis(redisPod("redis-1"), "redis", "info", "replication")
                .contains("master_link_status:up"));
    Waiting.until(
        "what is read is in the copy too",
        Duration.ofMinutes(1),
        () -> {
          PulledImage another = make();
          another
              .push(
                  example.pods().getFirst().getStatus().getPodIP() + ":5000/team/read:1",
                  example.plainLogin())
              .orFail();
          example
              .pods()
              .forEach(one -> statusFrom(one, "/v2/team/read/manifests/" + another.digest()));
          return !redis(redisPod("redis-1"), "redis", "dbsize").equals("0");
        });
    assertThat(redis(redisPod("redis-1"), "redis", "info", "replication")).contains("role:slave");

    cluster.kubectl("-n", NAMESPACE, "delete", "pod", "redis-0", "--wait=false");
    for (int i = 0; i < 20; i++) {
      Pod one = example.pods().get(i % 2);
      assertThat(statusFrom(one, "/v2/team/tls/manifests/" + image.digest())).isEqualTo(200);
    }
    cluster.kubectl("-n", NAMESPACE, "rollout", "status", "statefulset/redis", "--timeout=120s");
  }

  private Pod redisPod(String name) {
    return cluster.client().pods().inNamespace(NAMESPACE).withName(name).require();
  }

  private String redis(Pod pod, String container, String... command) {
    String line = "redis-cli --no-auth-warning -a \"$PASSWORD\" " + String.join(" ", command);
    return cluster.exec(pod, container, "sh", "-c", line).text();
  }

  private static PulledImage make() {
    try {
      return PulledImage.make(work);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PulledImage push(String name) {
    PulledImage image = make();
    image.push(addresses.getFirst() + ":" + NODE_PORT + "/" + name, example.plainLogin()).orFail();
    return image;
  }

  private HttpResponse<byte[]> get(String path, String login) {
    return send("GET", path, login);
  }

  private HttpResponse<byte[]> send(String method, String path, String login) {
    var headers =
        login.isEmpty()
            ? Map.of("Accept", RegistryClient.ACCEPT_ALL)
            : Map.of("Accept", RegistryClient.ACCEPT_ALL, "Authorization", login);
    return new RegistryClient(addresses.getFirst() + ":" + NODE_PORT)
        .send(method, path, headers, new byte[0]);
  }

  private int statusFrom(Pod pod, String path) {
    return new RegistryClient(pod.getStatus().getPodIP() + ":5000")
        .send(
            "GET",
            path,
            Map.of("Accept", RegistryClient.ACCEPT_ALL, "Authorization", example.basic()),
            new byte[0])
        .statusCode();
  }

  private static String basic(String login) {
    return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
