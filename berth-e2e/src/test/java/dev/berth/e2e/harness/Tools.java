package dev.berth.e2e.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// Finds the programs the tests drive: first in the cache that `.ci/tools/install` fills, then on
/// the PATH and in the system's own folders.
///
/// A missing program leaves its tests out with one visible line. With `BERTH_E2E_REQUIRE=all` in
/// the environment, as CI sets it, it is a failure instead.
public final class Tools {
  private static final List<String> SYSTEM_FOLDERS =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Tools() {}

  /// The program of that name; without it the calling test is left out, or fails in CI.
  public static Path get(String name) {
    Optional<Path> found = find(name);
    require(found.isPresent(), name + " not installed");
    return found.orElseThrow();
  }

  /// A file that `.ci/tools/install` prepared, such as the root file system for image builds.
  public static Path prepared(String name) {
    Path file = cache().resolve(name);
    require(Files.isRegularFile(file), name + " not prepared by .ci/tools/install");
    return file;
  }

  /// Mounting file systems, control groups and the daemons of engines need root.
  public static void requireRoot() {
    require("root".equals(System.getProperty("user.name")), "needs root");
  }

  /// Leaves the calling test out, in words, unless `condition` holds; in CI it fails instead.
  public static void require(boolean condition, String missing) {
    if (condition) {
      return;
    }
    if ("all".equals(System.getenv("BERTH_E2E_REQUIRE"))) {
      throw new AssertionError("BERTH_E2E_REQUIRE=all, but: " + missing);
    }
    System.out.println("left out: " + caller() + " (" + missing + ")");
    Assumptions.abort(missing);
  }

  private static Optional<Path> find(String name) {
    var folders = new ArrayList<Path>();
    folders.add(cache().resolve("bin"));
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      folders.add(Path.of(folder));
    }
    SYSTEM_FOLDERS.forEach(folder -> folders.add(Path.of(folder)));
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path cache() {
    String configured = System.getenv("BERTH_CI_CACHE");
    return configured == null
        ? Path.of(System.getProperty("user.home"), ".cache", "berth-ci")
        : Path.of(configured);
  }

  private static String caller() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> !frame.getClassName().contains(".harness."))
                    .map(frame -> frame.getClassName().replaceFirst("^.*\\.", ""))
                    .findFirst())
        .orElse("a test");
  }
}
