package dev.berth.e2e.monitoring;

import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// A registry that gives metrics on its debug listener.
///
/// @param debug `127.0.0.1:<port>` of that listener
record Monitored(RunningRegistry registry, String debug) implements AutoCloseable {

  static Monitored start(Registries kind, Path root, Map<String, String> environment) {
    return start(kind, root, environment, "");
  }

  /// @param more further top-level YAML
  static Monitored start(Registries kind, Path root, Map<String, String> environment, String more) {
    String debug = "127.0.0.1:" + LoopbackPorts.free();
    String keys =
        """
          debug:
            addr: %s
            prometheus:
              enabled: true
              path: /metrics
        """
            .formatted(debug);
    return new Monitored(
        kind.start(RegistryConfig.on(root).withExtra(keys + more), environment), debug);
  }

  RegistryClient client() {
    return registry.client();
  }

  String get(String path) {
    var answer = new RegistryClient(debug).send("GET", path, Map.of(), new byte[0]);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  Scrape scrape() {
    return Scrape.parse(get("/metrics"));
  }

  @Override
  public void close() {
    registry.close();
  }
}
