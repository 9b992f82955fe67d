package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.TestCertificate;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One of the deployments in `examples/`, in a copy with logins of its own and an overlay that says
/// what this cluster needs: its storage class, its volume.
final class Example {
  private static final Pattern LOGIN = Pattern.compile("user (\\S+), password (\\S+)");
  private static final String COMPONENT = "app.kubernetes.io/component";

  private final Cluster cluster = Cluster.get();
  private final Path folder;

  /// What says that a namespace may be removed.
  private static final String OURS = "berth.dev/of";

  private final String namespace;
  private final String deployment;
  private final String user;
  private final String password;

  private Example(Path folder, String namespace, String deployment, Matcher login) {
    this.folder = folder;
    this.namespace = namespace;
    this.deployment = deployment;
    this.user = login.group(1);
    this.password = login.group(2);
  }

  /// Copies `examples/` and makes a login.
  ///
  /// @param name of the example's folder
  static Example copy(Path work, String name, String namespace, String deployment) {
    Path root = Registries.repository();
    Program.of("cp", "-r", root.resolve("examples"), work).run();
    String said =
        Program.of(root.resolve("examples/credentials"), work.resolve("examples/" + name), "alice")
            .with("BERTH_JAVA_HOME", System.getProperty("java.home"))
            .run()
            .out();
    Matcher login = LOGIN.matcher(said);
    if (!login.find()) {
      throw new AssertionError(said);
    }
    return new Example(work.resolve("examples/" + name), namespace, deployment, login);
  }

  String namespace() {
    return namespace;
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  Path folder() {
    return folder;
  }

  /// Writes an overlay over a form of the example, with what this cluster needs.
  ///
  /// @param form `base` or a folder beside it
  /// @param more lines of a kustomization
  Path overlay(String form, String... more) {
    try {
      Path overlay = Files.createDirectories(folder.resolve("here"));
      String text = "resources: [../" + form + "]\n" + String.join("\n", more) + "\n";
      Files.writeString(overlay.resolve("kustomization.yaml"), text);
      return overlay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes a file beside the overlay.
  void write(String name, String text) {
    try {
      Files.writeString(Files.createDirectories(folder.resolve("here")).resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The patch that gives the claim this cluster's class of shared volumes.
  static String storageClass() {
    return """
    - target: {kind: PersistentVolumeClaim, name: registry-data}
      patch: |
        - {op: add, path: /spec/storageClassName, value: "%s"}"""
        .formatted(Cluster.setting("STORAGE_CLASS", null));
  }

  /// The patch that leaves a PersistentVolume of the example out, so that the claim asks its class.
  static String claimOnly() {
    return """
    - patch: |
        $patch: delete
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: registry-clouddrove}
    - target: {kind: PersistentVolumeClaim, name: registry-data}
      patch: |
        - {op: remove, path: /spec/volumeName}""";
  }

  /// The patch that puts this cluster's file server in the place of `nfs.example.com`.
  ///
  /// @param name of the PersistentVolume
  static String volume(String name) {
    return """
    - target: {kind: PersistentVolume, name: %s}
      patch: |
        - {op: remove, path: /spec/nfs}
    - target: {kind: PersistentVolume, name: %s}
      patch: |
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: %s}
        spec: %s"""
        .formatted(name, name, name, Cluster.setting("VOLUME", null));
  }

  /// The patch that takes TLS out of a production form again, for tests of something else.
  static String withoutTls() {
    return """
    - target: {kind: Deployment}
      patch: |
        - {op: remove, path: /spec/template/spec/containers/0/startupProbe/httpGet/scheme}
        - {op: remove, path: /spec/template/spec/containers/0/readinessProbe/httpGet/scheme}
        - {op: remove, path: /spec/template/spec/containers/0/livenessProbe/httpGet/scheme}
        - {op: test, path: /spec/template/spec/containers/0/env/2/name, value: REGISTRY_HTTP_TLS_KEY}
        - {op: remove, path: /spec/template/spec/containers/0/env/2}
        - {op: test, path: /spec/template/spec/containers/0/env/1/name, value: REGISTRY_HTTP_TLS_CERTIFICATE}
        - {op: remove, path: /spec/template/spec/containers/0/env/1}
        - {op: test, path: /spec/template/spec/containers/0/volumeMounts/3/name, value: tls}
        - {op: remove, path: /spec/template/spec/containers/0/volumeMounts/3}
        - {op: test, path: /spec/template/spec/volumes/3/name, value: tls}
        - {op: remove, path: /spec/template/spec/volumes/3}""";
  }

  /// The patch that makes the Service one that clients outside reach.
  static String loadBalancer() {
    return """
    - target: {kind: Service, name: registry}
      patch: |
        - {op: add, path: /spec/type, value: LoadBalancer}""";
  }

  /// The patch that leaves Redis out, by variables that go before the file.
  static String withoutRedis() {
    return """
    - target: {kind: Deployment}
      patch: |
        - op: add
          path: /spec/template/spec/containers/0/env/-
          value: {name: REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR, value: inmemory}""";
  }

  /// The patch that lets a Prometheus outside the cluster in.
  static String metricsForAll() {
    return """
    - target: {kind: NetworkPolicy, name: metrics}
      patch: |
        - {op: remove, path: /spec/ingress/0/from}""";
  }

  /// Gives the volume to the user that the pods run as, as the documentation has it: by a Job that
  /// runs once, while the namespace admits root.
  void giveVolume() {
    security("baseline");
    cluster.kubectl("-n", namespace, "delete", "job", "chown-data", "--ignore-not-found");
    cluster.kubectl("-n", namespace, "apply", "-f", folder.resolveSibling("chown.yaml").toString());
    cluster.kubectl(
        "-n", namespace, "wait", "--for=condition=Complete", "job/chown-data", "--timeout=60s");
    security("restricted");
  }

  private void security(String level) {
    cluster.kubectl(
        "label",
        "namespace",
        namespace,
        "--overwrite",
        "pod-security.kubernetes.io/enforce=" + level);
  }

  /// A pod beside the registry that may not more than the namespace admits.
  Pod restrictedClient() {
    String context =
        "{\"allowPrivilegeEscalation\":false,\"runAsNonRoot\":true,\"runAsUser\":1000,"
            + "\"capabilities\":{\"drop\":[\"ALL\"]},\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}";
    cluster.kubectl(
        "-n",
        namespace,
        "run",
        "client",
        "--image=alpine:3.20",
        "--override-type=strategic",
        "--overrides={\"spec\":{\"terminationGracePeriodSeconds\":0,\"containers\":[{\"name\":\"client\","
            + "\"securityContext\":"
            + context
            + "}]}}",
        "--command",
        "--",
        "sleep",
        "3600");
    cluster.kubectl(
        "-n", namespace, "wait", "--for=condition=Ready", "pod/client", "--timeout=60s");
    return cluster.client().pods().inNamespace(namespace).withName("client").require();
  }

  /// The patch that gives the Ingress to this cluster's controller.
  static String ingressClass() {
    return """
    - target: {kind: Ingress, name: registry}
      patch: |
        - {op: add, path: /spec/ingressClassName, value: "%s"}"""
        .formatted(Cluster.setting("INGRESS_CLASS", "traefik"));
  }

  void apply(Path overlay) {
    if (cluster.client().namespaces().withName(namespace).get() == null) {
      cluster.kubectl("create", "namespace", namespace);
      cluster.kubectl("label", "namespace", namespace, OURS + "=tests");
    }
    cluster.kubectl("apply", "-k", overlay.toString());
  }

  void rollOut() {
    cluster.kubectl(
        "-n", namespace, "rollout", "status", "deployment/" + deployment, "--timeout=180s");
  }

  /// The address of the registry's Service for clients outside.
  String balancer() {
    return cluster.balancerAddress(namespace, deployment) + ":5000";
  }

  /// How skopeo logs in.
  List<String> plainLogin() {
    return List.of("--dest-tls-verify=false", "--dest-creds=" + user + ":" + password);
  }

  /// The login for requests by hand.
  String basic() {
    byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  /// The Secret `pull` with the login in another namespace, for pods that pull from `host`.
  void pullSecret(String there, String host) {
    pullSecret(there, "pull", host);
  }

  /// The same by another name.
  void pullSecret(String there, String name, String host) {
    cluster.kubectl(
        "-n",
        there,
        "create",
        "secret",
        "docker-registry",
        name,
        "--docker-server=" + host,
        "--docker-username=" + user,
        "--docker-password=" + password);
  }

  /// The Secret `registry-tls`, as a user makes it by hand.
  void tlsSecret(TestCertificate certificate) {
    cluster.kubectl(
        "-n",
        namespace,
        "create",
        "secret",
        "tls",
        "registry-tls",
        "--cert=" + certificate.certificate(),
        "--key=" + certificate.key());
  }

  List<Pod> pods() {
    return cluster.pods(namespace, COMPONENT, "registry");
  }

  /// Takes all of it away, volumes too. Pods first: a namespace alone waits long for them.
  ///
  /// @throws AssertionError the namespace is there and not of these tests: an example that somebody
  ///   installed has the same name
  void remove() {
    Namespace there = cluster.client().namespaces().withName(namespace).get();
    if (there != null && !there.getMetadata().getLabels().containsKey(OURS)) {
      throw new AssertionError(
          "the cluster has a namespace " + namespace + " that is not of these tests: use another");
    }
    cluster.kubectl(
        "-n",
        namespace,
        "delete",
        "deployments,statefulsets,daemonsets,cronjobs,jobs",
        "--all",
        "--cascade=foreground",
        "--timeout=120s");
    cluster.removeNamespace(namespace);
    cluster.kubectl(
        "delete",
        "persistentvolume",
        "registry-" + namespace,
        "--ignore-not-found",
        "--timeout=60s");
  }
}
