package dev.berth.e2e.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Starts the registries that the tests know.
public enum Registries {
  /// The product, by the command of the README.
  BERTH,
  /// Debian's `docker-registry`, which is registry 2.8.2.
  DISTRIBUTION_2,
  /// distribution 3, built by `.ci/tools/install`.
  DISTRIBUTION_3;

  /// The registry under test: Berth, or the one that `-Dberth.e2e.target=` names, with which the
  /// tests themselves are tried.
  public static Registries underTest() {
    return valueOf(System.getProperty("berth.e2e.target", BERTH.name()));
  }

  public RunningRegistry start(RegistryConfig config) {
    return start(config, Map.of());
  }

  /// Starts it with further environment variables and waits for its first answer.
  public RunningRegistry start(RegistryConfig config, Map<String, String> environment) {
    return run(config, environment, program(), LoopbackPorts.free());
  }

  /// Starts it again where one was before.
  public RunningRegistry startAt(int port, RegistryConfig config) {
    return run(config, Map.of(), program(), port);
  }

  private Path program() {
    return switch (this) {
      case BERTH -> berth();
      case DISTRIBUTION_2 -> Tools.get("docker-registry");
      case DISTRIBUTION_3 -> Tools.get("distribution3");
    };
  }

  /// Starts Berth by another program than its launcher, such as a script around it.
  public static RunningRegistry startBerth(Path program, RegistryConfig config) {
    return run(config, Map.of(), program, LoopbackPorts.free());
  }

  /// The launcher in the repository's top folder, or the program that `-Dberth.e2e.program=` names.
  public static Path berth() {
    String named = System.getProperty("berth.e2e.program");
    return named == null ? repository().resolve("berth") : Path.of(named);
  }

  /// The repository's top folder, found upwards from the working directory.
  public static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new AssertionError("run the tests inside the repository: no mvnw above here");
      }
    }
    return folder;
  }

  private static RunningRegistry run(
      RegistryConfig config, Map<String, String> environment, Path program, int port) {
    var variables = new HashMap<>(environment);
    // Else distribution 3 looks for a collector of traces.
    variables.putIfAbsent("OTEL_TRACES_EXPORTER", "none");
    return RegistryProcess.start(
        config, variables, port, file -> List.of(program.toString(), "serve", file.toString()));
  }
}
