package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Mistakes that people make with these manifests: each is told where they look first. The rows of
/// docs/troubleshooting.md.
@OnCluster
final class BadInputIT {
  private static final String NAMESPACE = "berth-e2e-bad";
  private static final String INIT = "data-directory";
  private static final Duration TOLD = Duration.ofMinutes(1);

  @TempDir static Path work;
  private final Cluster cluster = Cluster.get();
  private Example example;

  @BeforeAll
  void copy() {
    example = Example.copy(work, "40daysofkubernetes", NAMESPACE, "registry-kube");
  }

  @BeforeEach
  void nothingIsThere() {
    example.remove();
    cluster.kubectl("delete", "persistentvolume", "berth-e2e-one-node", "--ignore-not-found");
  }

  @AfterAll
  void remove() {
    example.remove();
    cluster.kubectl("delete", "persistentvolume", "berth-e2e-one-node", "--ignore-not-found");
  }

  @Test
  void aReadOnlyVolume() {
    apply(
        patch(
            "{op: add, path: /spec/template/spec/initContainers/0/volumeMounts/0/readOnly, value: true}"));

    assertThat(saidByInit("read-only"))
        .contains("/var/lib/40daysofkubernetes: is read-only: look at readOnly of the volume");
  }

  @Test
  void aVolumeMountedElsewhere() {
    apply(
        patch(
            "{op: replace, path: /spec/template/spec/initContainers/0/volumeMounts/0/mountPath,"
                + " value: /var/lib/registry}"));

    assertThat(saidByInit("cannot be made"))
        .contains("/var/lib/40daysofkubernetes: cannot be made: mount a volume there");
  }

  @Test
  void aSecretWithoutTheKey() {
    apply(
        patch(
            "{op: replace, path: /spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/key,"
                + " value: secret}"));

    String said =
        wait(
            pod ->
                cluster
                    .waits(NAMESPACE, pod.getMetadata().getName())
                    .contains("couldn't find key"));
    assertThat(cluster.waits(NAMESPACE, said)).contains("couldn't find key secret in Secret");
  }

  /// A volume that one node alone can mount: the second replica, which must be elsewhere, waits.
  @Test
  void aVolumeThatOnlyOneNodeCanMount() {
    String node = cluster.workers().getFirst().getMetadata().getName();
    example.write(
        "one-node.yaml",
        """
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: berth-e2e-one-node}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          claimRef: {namespace: %s, name: registry-data}
          hostPath: {path: /tmp/berth-e2e-one-node, type: DirectoryOrCreate}
          nodeAffinity:
            required:
              nodeSelectorTerms:
              - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%s]}]
        """
            .formatted(NAMESPACE, node));
    cluster.kubectl("apply", "-f", example.folder().resolve("here/one-node.yaml").toString());
    example.apply(
        example.overlay(
            "base",
            "namespace: " + NAMESPACE,
            "patches:",
            """
            - target: {kind: PersistentVolumeClaim, name: registry-data}
              patch: |
                - {op: add, path: /spec/storageClassName, value: ""}
                - {op: replace, path: /spec/accessModes, value: [ReadWriteOnce]}"""));

    String waiting = wait(pod -> unschedulable(pod).contains("anti-affinity"));
    assertThat(
            unschedulable(
                cluster.client().pods().inNamespace(NAMESPACE).withName(waiting).require()))
        .containsAnyOf("PersistentVolume's node affinity", "volume node affinity");
  }

  private static String unschedulable(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> "Unschedulable".equals(condition.getReason()))
        .map(condition -> String.valueOf(condition.getMessage()))
        .findFirst()
        .orElse("");
  }

  private void apply(String patch) {
    example.apply(
        example.overlay(
            "base", "namespace: " + NAMESPACE, "patches:", Example.storageClass(), patch));
  }

  private static String patch(String operation) {
    return "- target: {kind: Deployment}\n  patch: |\n    - " + operation;
  }

  private String saidByInit(String word) {
    String pod =
        wait(
            each ->
                cluster
                    .tryKubectl("-n", NAMESPACE, "logs", each.getMetadata().getName(), "-c", INIT)
                    .out()
                    .contains(word));
    return cluster.kubectl("-n", NAMESPACE, "logs", pod, "-c", INIT);
  }

  /// The name of the first pod that is so.
  private String wait(Predicate<Pod> so) {
    Waiting.until("it is told", TOLD, () -> example.pods().stream().anyMatch(so));
    List<Pod> pods = example.pods().stream().filter(so).toList();
    assertThat(pods).isNotEmpty();
    return pods.getFirst().getMetadata().getName();
  }
}
