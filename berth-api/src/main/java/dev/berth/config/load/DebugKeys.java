package dev.berth.config.load;

import static dev.berth.config.load.ValueTypes.ADDRESS;
import static dev.berth.config.load.ValueTypes.BOOLEAN;
import static dev.berth.config.load.ValueTypes.TEXT;

import dev.berth.config.DebugConfig;
import dev.berth.config.ListenAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys under `http.debug`.
final class DebugKeys {
  private static final Key<ListenAddress> ADDR =
      Key.optional(
          "http.debug.addr",
          ADDRESS,
          "Where the debug listener answers `/debug/health`, the probes and metrics, without logins;"
              + " none without it.");
  private static final Key<Boolean> PROMETHEUS =
      Key.of("http.debug.prometheus.enabled", BOOLEAN, false, "Gives metrics there.");
  private static final Key<String> PATH =
      Key.of(
          "http.debug.prometheus.path", TEXT, DebugConfig.DEFAULT_PATH, "The path of the metrics.");

  static final List<SchemaEntry> ALL = List.of(ADDR, PROMETHEUS, PATH);

  private DebugKeys() {}

  /// Null where no address is given; then, as in registry 2.8.2, the other keys do nothing.
  static @Nullable DebugConfig read(Settings settings) {
    ListenAddress addr = settings.find(ADDR);
    boolean prometheus = settings.get(PROMETHEUS);
    String path = settings.get(PATH);
    if (addr == null) {
      return null;
    }
    return settings.<@Nullable DebugConfig>build(
        "http.debug",
        null,
        () -> new DebugConfig(addr, prometheus, path.isEmpty() ? DebugConfig.DEFAULT_PATH : path));
  }
}
