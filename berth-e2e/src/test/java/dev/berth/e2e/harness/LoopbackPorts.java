package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback, for programs that must be told theirs.
public final class LoopbackPorts {
  /// Below those that the kernel gives to outgoing connections, so that none takes ours; and each
  /// with one 10,000 above, which a node of a Redis cluster takes too.
  private static final int FIRST = 20_000;

  private static final int LAST = 30_000;

  private LoopbackPorts() {}

  /// One that nobody has now.
  public static int free() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (var socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return port;
      } catch (BindException taken) {
        // Another process has it: draw again.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Whether somebody takes connections there.
  public static boolean isTaken(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
