package dev.berth.e2e.cluster;

import dev.berth.e2e.harness.Program;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/// Whether packets get through: tries real connections from pods, nodes and this machine.
final class Connections {
  /// What came of one.
  enum Result {
    /// Somebody answered.
    OPEN,
    /// A host answered that nobody listens: no policy was in the way.
    REFUSED,
    /// Nothing came back: packets were dropped.
    DROPPED
  }

  /// Prints `open`, or what `nc` complained of.
  private static final String TRY =
      "said=$(nc -w 2 \"$0\" \"$1\" </dev/null 2>&1 >/dev/null) && echo open || echo \"$said\"";

  private Connections() {}

  /// From a container that has busybox.
  static Result fromPod(Cluster cluster, Pod pod, String container, String host, int port) {
    return read(cluster.exec(pod, container, "sh", "-c", TRY, host, Integer.toString(port)));
  }

  /// From a node itself, as kubelet and containerd connect.
  static Result fromNode(Nodes nodes, String node, String host, int port) {
    return of(
        nodes.run(
            node,
            "nsenter -t 1 -n -- sh -c '" + TRY + "' \"$1\" \"$2\"",
            host,
            Integer.toString(port)));
  }

  /// From this machine, which is outside the cluster.
  static Result fromOutside(String host, int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 2000);
      return Result.OPEN;
    } catch (SocketTimeoutException e) {
      return Result.DROPPED;
    } catch (IOException e) {
      return Result.REFUSED;
    }
  }

  private static Result read(Program.Outcome outcome) {
    return of(outcome.orFail().text());
  }

  private static Result of(String said) {
    if (said.equals("open")) {
      return Result.OPEN;
    }
    return said.contains("refused") ? Result.REFUSED : Result.DROPPED;
  }
}
