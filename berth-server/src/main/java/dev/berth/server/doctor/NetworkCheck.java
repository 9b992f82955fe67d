package dev.berth.server.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Whether the name leads somewhere, and somebody listens there.
final class NetworkCheck implements Check {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /// So that all together stay within what a check may take.
  private static final int MOST_ADDRESSES = 4;

  private final Target target;
  private volatile boolean reachable;

  NetworkCheck(Target target) {
    this.target = target;
  }

  /// Whether any address could be connected to.
  boolean isReachable() {
    return reachable;
  }

  @Override
  public void look(Findings findings) {
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(target.host());
    } catch (UnknownHostException e) {
      findings.fail(
          target.host() + " has no address",
          "make a DNS record for it, or an entry in /etc/hosts of each node (containerd asks the"
              + " node's DNS, not the cluster's)");
      return;
    }
    findings.ok(
        target.host()
            + " is "
            + String.join(", ", Stream.of(addresses).map(InetAddress::getHostAddress).toList()));
    List<String> refused = new ArrayList<>();
    for (InetAddress address : List.of(addresses).subList(0, most(addresses))) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(address, target.port()), (int) PATIENCE.toMillis());
        reachable = true;
      } catch (IOException e) {
        refused.add(address.getHostAddress() + " (" + Reason.of(e) + ")");
      }
    }
    if (refused.isEmpty()) {
      findings.ok("port " + target.port() + " takes connections");
    } else if (reachable) {
      findings.warn(
          "port " + target.port() + " takes none at " + String.join(", ", refused),
          "take these addresses out of DNS, or see why: clients try them, too");
    } else {
      findings.fail(
          "port " + target.port() + " takes no connections: " + String.join(", ", refused),
          "see that the registry or the proxy runs and listens there (http.addr: :5000 and not"
              + " 127.0.0.1), and that no firewall or NetworkPolicy stands between");
    }
  }

  private static int most(InetAddress[] addresses) {
    return Math.min(addresses.length, MOST_ADDRESSES);
  }
}
