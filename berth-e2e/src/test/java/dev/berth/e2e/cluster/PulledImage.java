package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An image that runs, made for one test: pushed by skopeo, pulled by the nodes of a cluster.
final class PulledImage {
  private final Path layout;
  private final SampleImage image;

  private PulledImage(Path layout, SampleImage image) {
    this.layout = layout;
    this.image = image;
  }

  /// Makes one that no other is equal to: a shell that waits.
  static PulledImage make(Path work) throws IOException {
    Path folder = Files.createTempDirectory(work, "image");
    Path busybox = folder.resolve("busybox");
    Program.of("tar", "-xf", Tools.prepared("debian.tar"), "-C", folder, "./bin/busybox").run();
    Files.move(folder.resolve("bin/busybox"), busybox);
    byte[] program = Files.readAllBytes(busybox);
    // What follows the program in its file is not read by anybody, and makes the image unlike
    // others.
    byte[] unique = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[program.length + unique.length];
    System.arraycopy(program, 0, both, 0, program.length);
    System.arraycopy(unique, 0, both, program.length, unique.length);
    SampleImage image =
        SampleImage.busybox(both, "sh", "-c", "echo started; exec /busybox sleep 3600");
    return new PulledImage(OciLayout.in(folder.resolve("layout")).add("it", image).folder(), image);
  }

  String digest() {
    return image.digest();
  }

  /// Pushes it, by skopeo.
  ///
  /// @param options of skopeo, for the destination
  Program.Outcome push(String name, List<String> options) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(Tools.get("skopeo"), "--insecure-policy", "copy"));
    line.addAll(options);
    line.addAll(List.of("oci:" + layout + ":it", "docker://" + name));
    return Program.of(line.toArray()).outcome();
  }

  /// Starts a pod of it and gives that pod when it runs; its image was pulled anew.
  ///
  /// @param node null for any
  /// @param secret for the pull, null for none
  static Pod run(
      Cluster cluster,
      String namespace,
      String name,
      String image,
      @Nullable String node,
      @Nullable String secret) {
    start(cluster, namespace, name, image, node, secret);
    return whenReady(cluster, namespace, name);
  }

  /// The same with the secret `pull`, but from what the node has where it has the name.
  static Pod runIfNotPresent(
      Cluster cluster, String namespace, String name, String image, String node) {
    create(cluster, namespace, name, image, "IfNotPresent", overrides(node, "pull"));
    return whenReady(cluster, namespace, name);
  }

  /// Starts a pod of it and waits for nothing.
  static void start(
      Cluster cluster,
      String namespace,
      String name,
      String image,
      @Nullable String node,
      @Nullable String secret) {
    create(cluster, namespace, name, image, "Always", overrides(node, secret));
  }

  private static Pod whenReady(Cluster cluster, String namespace, String name) {
    cluster.kubectl(
        "-n", namespace, "wait", "--for=condition=Ready", "pod/" + name, "--timeout=60s");
    return cluster.client().pods().inNamespace(namespace).withName(name).require();
  }

  private static String overrides(@Nullable String node, @Nullable String secret) {
    return """
    {"spec":{"terminationGracePeriodSeconds":0,"imagePullSecrets":[%s]%s}}"""
        .formatted(
            secret == null ? "" : "{\"name\":\"" + secret + "\"}",
            node == null ? "" : ",\"nodeName\":\"" + node + "\"");
  }

  private static void create(
      Cluster cluster,
      String namespace,
      String name,
      String image,
      String policy,
      String overrides) {
    cluster.kubectl(
        "-n",
        namespace,
        "run",
        name,
        "--image=" + image,
        "--image-pull-policy=" + policy,
        "--restart=Never",
        "--overrides=" + overrides);
  }
}
