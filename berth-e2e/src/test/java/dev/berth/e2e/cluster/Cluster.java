package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The cluster under test, as `KUBECONFIG` names it. Changes are made by `kubectl`, as a user makes
/// them; what came of them is asked of the API.
final class Cluster {
  static final String ZONE = "topology.kubernetes.io/zone";
  private static final Cluster ONE = new Cluster();

  private final KubernetesClient client = connect();

  private Cluster() {}

  /// The client must be told which kind of key the file holds, and takes it for RSA.
  private static KubernetesClient connect() {
    Config config = Config.autoConfigure(null);
    try {
      return new KubernetesClientBuilder().withConfig(config).build();
    } catch (KubernetesClientException otherKey) {
      config.setClientKeyAlgo("EC");
      return new KubernetesClientBuilder().withConfig(config).build();
    }
  }

  static Cluster get() {
    Tools.get("kubectl");
    return ONE;
  }

  /// What the environment says about this cluster.
  ///
  /// @param otherwise null where it must be said
  static String setting(String name, @Nullable String otherwise) {
    String value = System.getenv("BERTH_E2E_" + name);
    if (value == null && otherwise == null) {
      throw new AssertionError("set BERTH_E2E_" + name + ": docs/testing.md says to what");
    }
    return value == null ? Objects.requireNonNull(otherwise) : value;
  }

  KubernetesClient client() {
    return client;
  }

  /// Runs kubectl to its end, which must be a good one.
  String kubectl(String... arguments) {
    return tryKubectl(arguments).orFail().text();
  }

  Program.Outcome tryKubectl(String... arguments) {
    var line = new ArrayList<Object>();
    line.add("kubectl");
    line.addAll(List.of(arguments));
    return Program.of(line.toArray()).outcome();
  }

  /// Nodes that run pods, by name.
  List<Node> workers() {
    return client.nodes().list().getItems().stream()
        .filter(
            node ->
                node.getSpec().getTaints().stream()
                    .noneMatch(taint -> taint.getKey().contains("control-plane")))
        .toList();
  }

  String zone(String node) {
    return Objects.requireNonNull(
        client.nodes().withName(node).require().getMetadata().getLabels().get(ZONE),
        "no zone of " + node);
  }

  /// Pods that are not about to end, by one label.
  List<Pod> pods(String namespace, String label, String value) {
    return client.pods().inNamespace(namespace).withLabel(label, value).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                condition.getType().equals("Ready") && condition.getStatus().equals("True"));
  }

  static ContainerStatus status(Pod pod, String container) {
    return pod.getStatus().getContainerStatuses().stream()
        .filter(status -> status.getName().equals(container))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no container " + container + " in " + pod));
  }

  /// The pod as it is now.
  Pod again(Pod pod) {
    return client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .require();
  }

  /// Why a container of a pod waits; empty where it does not.
  String waits(String namespace, String pod) {
    var statuses =
        client
            .pods()
            .inNamespace(namespace)
            .withName(pod)
            .require()
            .getStatus()
            .getContainerStatuses();
    return statuses.isEmpty() || statuses.getFirst().getState().getWaiting() == null
        ? ""
        : String.valueOf(statuses.getFirst().getState().getWaiting().getMessage());
  }

  int restarts(Pod pod, String container) {
    return status(again(pod), container).getRestartCount();
  }

  /// A pod that waits to be told what to do.
  Pod client(String namespace) {
    kubectl(
        "-n",
        namespace,
        "run",
        "client",
        "--image=alpine:3.20",
        "--command",
        "--",
        "sleep",
        "3600");
    kubectl("-n", namespace, "wait", "--for=condition=Ready", "pod/client", "--timeout=60s");
    return client.pods().inNamespace(namespace).withName("client").require();
  }

  /// How a program in a container ended, and what it printed.
  Program.Outcome exec(Pod pod, String container, String... command) {
    var line = new ArrayList<String>();
    line.addAll(
        List.of(
            "-n",
            pod.getMetadata().getNamespace(),
            "exec",
            pod.getMetadata().getName(),
            "-c",
            container,
            "--"));
    line.addAll(List.of(command));
    return tryKubectl(line.toArray(String[]::new));
  }

  /// How many lines a container has printed with this in them.
  int lines(Pod pod, String container, String what) {
    String log =
        kubectl(
            "-n",
            pod.getMetadata().getNamespace(),
            "logs",
            pod.getMetadata().getName(),
            "-c",
            container);
    return (int) log.lines().filter(line -> line.contains(what)).count();
  }

  /// A namespace of its own for what is not the registry, empty at first.
  void makeNamespace(String name) {
    removeNamespace(name);
    kubectl("create", "namespace", name);
  }

  void removeNamespace(String name) {
    kubectl("delete", "namespace", name, "--ignore-not-found", "--timeout=120s");
  }

  /// The address that clients outside use, as soon as the cloud has given one.
  String balancerAddress(String namespace, String service) {
    var found = new ArrayList<String>();
    Waiting.until(
        "an address for " + service,
        Duration.ofMinutes(2),
        () -> {
          var ingress =
              client
                  .services()
                  .inNamespace(namespace)
                  .withName(service)
                  .require()
                  .getStatus()
                  .getLoadBalancer()
                  .getIngress();
          ingress.forEach(
              one -> found.add(Objects.requireNonNullElse(one.getIp(), one.getHostname())));
          return !found.isEmpty();
        });
    return found.getFirst();
  }
}
