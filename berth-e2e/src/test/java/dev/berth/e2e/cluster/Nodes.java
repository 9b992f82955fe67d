package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What must be said to containerd of each node so that it pulls from a registry: done by a
/// privileged pod on each node, which works on any cluster whose containerd reads
/// `/etc/containerd/certs.d`.
final class Nodes implements AutoCloseable {
  private static final String NAMESPACE = "berth-e2e-nodes";
  private static final String PODS =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: nodes}
      spec:
        selector: {matchLabels: {app: nodes}}
        template:
          metadata: {labels: {app: nodes}}
          spec:
            hostPID: true
            terminationGracePeriodSeconds: 0
            containers:
            - name: node
              image: alpine:3.20
              command: [sleep, infinity]
              securityContext: {privileged: true}
              volumeMounts:
              - {name: certs, mountPath: /certs.d}
              - {name: hosts, mountPath: /node-hosts}
            volumes:
            - {name: certs, hostPath: {path: /etc/containerd/certs.d, type: DirectoryOrCreate}}
            - {name: hosts, hostPath: {path: /etc/hosts, type: File}}
      """;

  private final Cluster cluster;
  private final List<Pod> pods;

  private Nodes(Cluster cluster, List<Pod> pods) {
    this.cluster = cluster;
    this.pods = pods;
  }

  static Nodes of(Cluster cluster) {
    cluster.makeNamespace(NAMESPACE);
    try {
      Path file = Files.createTempFile("nodes", ".yaml");
      Files.writeString(file, PODS, StandardCharsets.UTF_8);
      cluster.kubectl("-n", NAMESPACE, "apply", "-f", file.toString());
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int workers = cluster.workers().size();
    Waiting.until(
        "a pod on each node",
        Duration.ofMinutes(1),
        () ->
            cluster.pods(NAMESPACE, "app", "nodes").stream().filter(Cluster::isReady).count()
                == workers);
    return new Nodes(cluster, cluster.pods(NAMESPACE, "app", "nodes"));
  }

  /// From now on all nodes pull from `host` without TLS.
  void trustPlain(String host) {
    onAll(
        "mkdir -p /certs.d/$1 && printf '[host.\"http://%s\"]\\n' \"$1\" >/certs.d/$1/hosts.toml",
        host);
  }

  /// From now on all nodes pull from `host` with TLS, trusting this certificate.
  void trust(String host, Path certificate) {
    try {
      onAll(
          "mkdir -p /certs.d/$1 && printf '%s' \"$2\" >/certs.d/$1/ca.crt &&"
              + " printf 'server = \"https://%s\"\\n[host.\"https://%s\"]\\n  ca = \"/etc/containerd/certs.d/%s/ca.crt\"\\n'"
              + " \"$1\" \"$1\" \"$1\" >/certs.d/$1/hosts.toml",
          host, Files.readString(certificate));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives a name to an address, in each node's file of hosts.
  void name(String address, String name) {
    onAll(
        "grep -q \" $2 \" /node-hosts || echo \"$1 $2 # berth-e2e\" >>/node-hosts", address, name);
  }

  /// Runs a script on the node of that name, in all its namespaces but the file system.
  String run(String node, String script, String... arguments) {
    Pod pod =
        pods.stream()
            .filter(one -> one.getSpec().getNodeName().equals(node))
            .findFirst()
            .orElseThrow();
    return run(pod, script, arguments);
  }

  private void onAll(String script, String... arguments) {
    pods.forEach(pod -> run(pod, script, arguments));
  }

  private String run(Pod pod, String script, String... arguments) {
    String[] command = new String[4 + arguments.length];
    command[0] = "sh";
    command[1] = "-ec";
    command[2] = script;
    command[3] = "node";
    System.arraycopy(arguments, 0, command, 4, arguments.length);
    return cluster.exec(pod, "node", command).orFail().text();
  }

  @Override
  public void close() {
    onAll("grep -v '# berth-e2e' /node-hosts >/tmp/hosts || true; cat /tmp/hosts >/node-hosts");
    cluster.removeNamespace(NAMESPACE);
  }
}
