package dev.berth.e2e.launch;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Runs lines of POSIX shell at the root of the source tree, with nothing in the environment but
/// what a test puts there and a PATH that holds the ordinary tools and no JDK.
final class Shell {
  private static final List<String> TOOLS =
      List.of("awk", "cat", "dirname", "head", "readlink", "sed", "sh", "tr", "uname", "basename");

  private final Path directory;

  /// What a command left behind.
  record Result(int exitStatus, String output, String errors) {}

  /// @param directory an empty one; it becomes the PATH
  Shell(Path directory) throws IOException {
    this.directory = directory;
    for (String tool : TOOLS) {
      Path found = Path.of("/usr/bin", tool);
      Path real = Files.exists(found) ? found : Path.of("/bin", tool);
      Path script = directory.resolve(tool);
      Files.writeString(script, "#!/bin/sh\nexec " + real + " \"$@\"\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  Result run(String script, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script);
    builder.directory(root().toFile()).redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", directory.toString());
    builder.environment().put("HOME", directory.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output.strip(), Files.readString(errors).strip());
  }

  /// The folder that holds `berth` and `mvnw`. Tests run in their module's folder.
  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory =
          Objects.requireNonNull(directory.getParent(), "no folder above this one holds mvnw");
    }
    return directory;
  }
}
