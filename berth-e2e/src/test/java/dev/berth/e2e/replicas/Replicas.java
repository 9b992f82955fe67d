package dev.berth.e2e.replicas;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Berths on one folder, without a secret or anything else configured alike, and haproxy before
/// them: round robin for each request, no stickiness, readiness asked five times a second.
final class Replicas implements AutoCloseable {
  private final RegistryConfig config;
  private final List<Integer> ports = new ArrayList<>();
  private final List<RunningRegistry> running = new ArrayList<>();
  private final List<Integer> killed = new ArrayList<>();
  private final Daemon proxy;
  private final int port;

  /// @param folder for the proxy's files
  Replicas(Path folder, Path root, int count) {
    this(folder, RegistryConfig.on(root).withoutSecret(), count);
  }

  /// @param folder for the proxy's files
  Replicas(Path folder, RegistryConfig config, int count) {
    Path haproxy = Tools.get("haproxy");
    this.config = config;
    for (int i = 0; i < count; i++) {
      RunningRegistry replica = Registries.BERTH.start(config);
      ports.add(replica.port());
      running.add(replica);
    }
    try {
      port = LoopbackPorts.free();
      Path file = Files.writeString(folder.resolve("haproxy.cfg"), proxyConfig());
      proxy =
          Daemon.start(
              folder.resolve("haproxy.log"),
              List.of(haproxy.toString(), "-db", "-f", file.toString()),
              () -> LoopbackPorts.isTaken(port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String proxyConfig() {
    var text =
        new StringBuilder(
            """
            global
              maxconn 2000
            defaults
              mode http
              timeout connect 2s
              timeout client 60s
              timeout server 60s
              retries 3
              option redispatch
            frontend clients
              bind 127.0.0.1:%d
              default_backend berth
            backend berth
              balance roundrobin
              option httpchk GET /readyz
              default-server check inter 200ms fall 1 rise 1
            """
                .formatted(port));
    for (int at : ports) {
      text.append("  server berth%d 127.0.0.1:%d%n".formatted(at, at));
    }
    return text.toString();
  }

  int count() {
    return running.size();
  }

  String host() {
    return "127.0.0.1:" + port;
  }

  /// By way of the proxy.
  RegistryClient client() {
    return new RegistryClient(host());
  }

  /// One of them.
  RegistryClient client(int index) {
    return running.get(index).client();
  }

  /// Ends one as an orchestrator does, and starts it again.
  void restart(int index) {
    running.get(index).stop();
    start(index);
  }

  /// Kills one.
  void kill(int index) {
    running.get(index).kill();
    killed.add(index);
  }

  /// Starts again what was killed.
  void startMissing() {
    killed.forEach(this::start);
    killed.clear();
  }

  /// Kills one, and starts it again.
  void killAndStart(int index) {
    kill(index);
    startMissing();
  }

  private void start(int index) {
    running.set(index, Registries.BERTH.startAt(ports.get(index), config));
  }

  @Override
  public void close() {
    proxy.close();
    running.forEach(RunningRegistry::kill);
  }
}
