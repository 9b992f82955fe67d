package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.Waiting;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/// What each pod of a namespace had of memory while a load ran, as the kubelets saw it: its
/// processes (resident, without files), and the working set, which has the pages of files in it
/// that were used lately. The kernel takes those back before it ends anybody.
final class MemoryCurve implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final double MIB = 1 << 20;
  private static final int COLOURS = 4;
  private static final int WIDTH = 860;
  private static final int HEIGHT = 240;

  /// MiB of one pod.
  ///
  /// @param second since the load began
  private record Sample(double second, double processes, double workingSet) {}

  private final Cluster cluster;
  private final String namespace;
  private final long began = System.nanoTime();
  private final Map<String, List<Sample>> samples = new TreeMap<>();
  private volatile boolean stopped;

  private MemoryCurve(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /// Looks until it is closed: each node by itself, as one that is lost answers nobody for long.
  static MemoryCurve start(Cluster cluster, String namespace) {
    var curve = new MemoryCurve(cluster, namespace);
    for (Node node : cluster.workers()) {
      String name = node.getMetadata().getName();
      Thread.ofPlatform().daemon().start(() -> curve.watch(name));
    }
    return curve;
  }

  private void watch(String node) {
    String path = "/api/v1/nodes/" + node + "/proxy/stats/summary?only_cpu_and_memory=true";
    while (!stopped) {
      try {
        note(Serialization.unmarshal(cluster.client().raw(path), Map.class));
      } catch (KubernetesClientException lostOrRestarting) {
        // Its pods have a gap in their curve.
      }
      Waiting.pause(EVERY);
    }
  }

  private synchronized void note(Map<?, ?> summary) {
    double second = (System.nanoTime() - began) / 1e9;
    for (Object one : (List<?>) Objects.requireNonNull(summary.get("pods"))) {
      var pod = (Map<?, ?>) one;
      var name = (Map<?, ?>) Objects.requireNonNull(pod.get("podRef"));
      if (!namespace.equals(name.get("namespace"))
          || !(pod.get("containers") instanceof List<?> all)) {
        continue;
      }
      samples
          .computeIfAbsent(String.valueOf(name.get("name")), key -> new ArrayList<>())
          .add(new Sample(second, sum(all, "rssBytes"), sum(all, "workingSetBytes")));
    }
  }

  private static double sum(List<?> containers, String field) {
    double bytes = 0;
    for (Object container : containers) {
      if (((Map<?, ?>) container).get("memory") instanceof Map<?, ?> memory
          && memory.get(field) instanceof Number some) {
        bytes += some.doubleValue();
      }
    }
    return bytes / MIB;
  }

  /// The most that any pod had.
  @Override
  public synchronized String toString() {
    return String.format(
        Locale.ROOT,
        "processes at most %.0f MiB, working set at most %.0f MiB",
        peak(Sample::processes),
        peak(Sample::workingSet));
  }

  private double peak(ToDoubleFunction<Sample> what) {
    return samples.values().stream().flatMap(List::stream).mapToDouble(what).max().orElse(0);
  }

  /// Draws the curves at the end of a report, each pod's by its name.
  void addTo(Path html) {
    try {
      String page = Files.readString(html);
      Files.writeString(
          html, page.replace("</body>", figure() + "</body>"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized String figure() {
    double highest = Math.max(1, peak(Sample::workingSet));
    double end = Math.max(1, peak(Sample::second));
    var drawn = new StringBuilder("<figure><figcaption>Memory of each pod over ");
    drawn.append(
        String.format(
            Locale.ROOT,
            "%.0f s: working set (dashed), processes (solid); the top is %.0f MiB</figcaption>"
                + "<svg viewBox=\"0 0 %d %d\" role=\"img\"><path class=\"grid\" d=\"M0 0.5H%d M0 %d.5H%d\"/>",
            end,
            highest,
            WIDTH,
            HEIGHT,
            WIDTH,
            HEIGHT - 1,
            WIDTH));
    int colour = 0;
    for (List<Sample> curve : samples.values()) {
      String line = "<polyline class=\"line" + colour++ % COLOURS + "\" ";
      drawn.append(line).append(points(curve, Sample::processes, end, highest));
      drawn
          .append(line)
          .append("stroke-dasharray=\"4 3\" ")
          .append(points(curve, Sample::workingSet, end, highest));
    }
    return drawn
        .append("</svg><p class=\"legend\">")
        .append(legend())
        .append("</p></figure>\n")
        .toString();
  }

  private static String points(
      List<Sample> curve, ToDoubleFunction<Sample> what, double end, double highest) {
    return curve.stream()
        .map(
            point ->
                String.format(
                    Locale.ROOT,
                    "%.1f,%.1f",
                    point.second() / end * WIDTH,
                    HEIGHT - what.applyAsDouble(point) / highest * HEIGHT))
        .collect(Collectors.joining(" ", "points=\"", "\"/>"));
  }

  private String legend() {
    var said = new StringBuilder();
    int colour = 0;
    for (String pod : samples.keySet()) {
      said.append("<span class=\"key%d\">%s</span>".formatted(colour++ % COLOURS, pod));
    }
    return said.toString();
  }

  @Override
  public void close() {
    stopped = true;
  }
}
