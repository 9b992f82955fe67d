package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The image: what is in it, that it is made the same again, that Berth itself keeps it, and that
/// it runs where a pod may do next to nothing.
@OnCluster
@ResourceLock(Load.MACHINE)
final class ImageIT {
  private static final String NAMESPACE = "berth-e2e-image";
  private static final int MOST = 75_000_000;

  /// The smallest that deployments of 2.8.2 ask for, some user, a root file system that nobody
  /// writes to, no place for temporary files.
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: small, namespace: berth-e2e-image}
      spec:
        automountServiceAccountToken: false
        securityContext:
          runAsNonRoot: true
          runAsUser: 54321
          fsGroup: 54321
          seccompProfile: {type: RuntimeDefault}
        containers:
        - name: registry
          image: berth:0.1.0-SNAPSHOT
          imagePullPolicy: IfNotPresent
          resources:
            requests: {memory: 128Mi, cpu: 250m}
            limits: {memory: 128Mi, cpu: 250m}
          readinessProbe:
            httpGet: {path: /readyz, port: 5000}
            periodSeconds: 1
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          volumeMounts: [{name: data, mountPath: /var/lib/registry}]
        volumes: [{name: data, emptyDir: {}}]
      """;

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private final Path root = Registries.repository();

  @BeforeAll
  void prepare() {
    cluster.makeNamespace(NAMESPACE);
    cluster.kubectl("label", "ns", NAMESPACE, "pod-security.kubernetes.io/enforce=restricted");
  }

  @AfterAll
  void remove() {
    cluster.removeNamespace(NAMESPACE);
  }

  @Test
  void itIsMadeTheSameAgainAndPushedToBerthByTheSameCommand() throws Exception {
    Path first = root.resolve("image/target");
    if (!isOfThisBuild(first.resolve("digest"))) {
      build("--output", first.toString());
    }
    Path again = work.resolve("again");
    try (RunningRegistry registry =
        Registries.BERTH.start(RegistryConfig.on(work.resolve("store")))) {
      build("--output", again.toString(), "--push", registry.host() + "/berth:1", "--plain-http");

      assertThat(new RegistryClient(registry.host()).resolve("berth", "1"))
          .hasValue(Files.readString(again.resolve("digest")).strip());
    }

    List<?> before = layers(first);
    List<?> after = layers(again);
    assertThat(after).hasSize(5);
    // All but the last, which holds what makes the start fast.
    assertThat(after.subList(0, 4)).isEqualTo(before.subList(0, 4));
    long bytes = after.stream().mapToLong(layer -> size(layer)).sum();
    System.out.println("seen: the image has " + bytes + " bytes");
    assertThat(bytes).isLessThan(MOST);
    assertThat(Files.readString(again.resolve("berth.cdx.json")))
        .contains("pkg:deb/debian/libc6@", "java-runtime", "pkg:maven/io.vertx/vertx-core@");
  }

  @Test
  void itRunsIn128MiAsAnyUserWithAReadOnlyRootAndTakesAPush() throws Exception {
    Path file = Files.writeString(work.resolve("small.yaml"), POD);
    cluster.kubectl("apply", "-f", file.toString());
    cluster.kubectl(
        "-n", NAMESPACE, "wait", "--for=condition=Ready", "pod/small", "--timeout=120s");
    Pod pod = cluster.client().pods().inNamespace(NAMESPACE).withName("small").require();
    String host = pod.getStatus().getPodIP() + ":5000";

    for (int i = 0; i < 5; i++) {
      PulledImage image = PulledImage.make(work);
      image.push(host + "/team/app:" + i, List.of("--dest-tls-verify=false")).orFail();
      assertThat(new RegistryClient(host).resolve("team/app", Integer.toString(i)))
          .hasValue(image.digest());
    }

    assertThat(
            shell(
                pod,
                "cd /sys/fs/cgroup; cat memory.events memory/memory.oom_control 2>/dev/null; true"))
        .contains("oom_kill 0");
    assertThat(cluster.restarts(pod, "registry"))
        .as(() -> "why it ended: " + Cluster.status(cluster.again(pod), "registry").getLastState())
        .isZero();
    assertThat(shell(pod, "id -u")).isEqualTo("54321");
    assertThat(shell(pod, "touch /tmp/x 2>&1 || true")).contains("Read-only file system");
    assertThat(shell(pod, "/bin/registry --version")).contains("v2.8.2");
    assertThat(shell(pod, "/entrypoint.sh --version")).startsWith("registry ");
    assertThat(shell(pod, "/entrypoint.sh berth --version")).startsWith("berth ");
    assertThat(shell(pod, "/entrypoint.sh echo as it is")).isEqualTo("as it is");
    assertThat(shell(pod, "berth config check /etc/docker/registry/config.yml"))
        .contains("/var/lib/registry");
  }

  private boolean isOfThisBuild(Path digest) throws IOException {
    Path jar = root.resolve("berth-server/target/dist/lib/berth-server.jar");
    return Files.exists(digest)
        && Files.getLastModifiedTime(digest).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  private String shell(Pod pod, String script) {
    return cluster.exec(pod, "registry", "sh", "-c", script).orFail().text();
  }

  private void build(String... options) {
    var line = new ArrayList<Object>(List.of(root.resolve("image/build")));
    line.addAll(List.of(options));
    Program.of(line.toArray())
        .with("BERTH_JAVA_HOME", System.getProperty("java.home"))
        .within(Duration.ofMinutes(15))
        .run();
  }

  private static List<?> layers(Path image) throws IOException {
    String digest = Files.readString(image.resolve("digest")).strip().replaceFirst(":", "/");
    Map<?, ?> manifest =
        Serialization.unmarshal(
            Files.readString(image.resolve("oci/blobs").resolve(digest)), Map.class);
    return (List<?>) Objects.requireNonNull(manifest.get("layers"));
  }

  private static long size(Object layer) {
    return ((Number) Objects.requireNonNull(((Map<?, ?>) layer).get("size"))).longValue();
  }
}
