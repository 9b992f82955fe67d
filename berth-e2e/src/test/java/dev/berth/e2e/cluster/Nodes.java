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
import org.jspecify.annotations.Nullable;

/// What must be said to containerd of each node so that it pulls from a registry: done by a
/// privileged pod on each node, which works on any cluster whose containerd reads
/// `/etc/containerd/certs.d`.
final class Nodes {
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

  private static @Nullable Nodes one;

  /// Sets `$pid` to the first process of container `$1`.
  private static final String FIND =
      "pid=$(grep -l \"$1\" /proc/[0-9]*/cgroup 2>/dev/null | cut -d / -f 3 | sort -n | head -1); [ -n \"$pid\" ]; ";

  private final Cluster cluster;
  private final List<Pod> pods;

  private Nodes(Cluster cluster, List<Pod> pods) {
    this.cluster = cluster;
    this.pods = pods;
  }

  /// The pods of this run, made when first asked for; what they changed is changed back at its end.
  static synchronized Nodes get() {
    Nodes made = one;
    if (made == null) {
      made = start(Cluster.get());
      Runtime.getRuntime().addShutdownHook(new Thread(made::close));
      one = made;
    }
    return made;
  }

  private static Nodes start(Cluster cluster) {
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

  /// Stops the first process of a container, as a kernel does with a process that waits for a disk.
  void freeze(Pod pod, String container) {
    signal(pod, container, "STOP");
  }

  /// Sends a signal from outside: the first process of a container gets none from inside that it
  /// does not ask for.
  void signal(Pod pod, String container, String name) {
    run(pod.getSpec().getNodeName(), FIND + "kill -$2 $pid", id(pod, container), name);
  }

  /// Closes the listening sockets of a pod's port, and no others, while its process goes on.
  void stopListening(Pod pod, String container, int port) {
    run(
        pod.getSpec().getNodeName(),
        FIND + "nsenter -t 1 -m -- nsenter -t $pid -n ss -K state listening sport = :$2 || true",
        id(pod, container),
        Integer.toString(port));
  }

  /// Restarts a node's kubelet, as an upgrade does when it has put the new one in place.
  void restartKubelet(String node) {
    run(
        node,
        "if [ \"$(cat /proc/1/comm)\" = systemd ]; then nsenter -t 1 -a systemctl restart kubelet;"
            + " else kill $(pidof kubelet); fi");
  }

  private static String id(Pod pod, String container) {
    return Cluster.status(pod, container).getContainerID().replaceFirst("^.*//", "");
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

  private void close() {
    onAll("grep -v '# berth-e2e' /node-hosts >/tmp/hosts || true; cat /tmp/hosts >/node-hosts");
    cluster.removeNamespace(NAMESPACE);
  }
}
