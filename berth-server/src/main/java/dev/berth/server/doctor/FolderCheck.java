package dev.berth.server.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Whether the root directory is the folder that was meant.
final class FolderCheck implements Check {
  private static final String KEY = "storage.filesystem.rootdirectory";
  private static final Path STORE = Path.of("docker/registry/v2");

  /// Of a folder that holds many others.
  private static final int MOST_NAMES = 5;

  private static final int MOST_LOOKED_AT = 100;

  /// What may lie beside a store, or alone on a new volume.
  private static final Set<String> OURS = Set.of("docker", "berth", "lost+found");

  private final Path root;

  FolderCheck(Path root) {
    this.root = root;
  }

  @Override
  public void look(Findings findings) throws IOException {
    if (!Files.exists(root)) {
      findings.warn(
          root + " is not there; berth serve makes it, where it may",
          "in a pod, mount a volume there; else make sure that " + KEY + " is what you mean");
    } else if (!Files.isDirectory(root)) {
      findings.fail(root + " is no directory", "name a directory in " + KEY);
    } else {
      findings.ok(root + " is a directory of " + Owner.of(root));
      content(findings);
    }
  }

  private void content(Findings findings) throws IOException {
    if (Files.isDirectory(root.resolve(STORE))) {
      findings.ok("holds a store (" + STORE + ")");
      return;
    }
    Path real = root.toRealPath();
    for (Path above = real; above.getParent() != null; above = above.getParent()) {
      if (Files.isDirectory(above.getParent().resolve(STORE))
          && real.startsWith(above.getParent().resolve("docker"))) {
        findings.fail(
            root + " lies inside a store, which begins at " + above.getParent(),
            "set " + KEY + " to " + above.getParent());
        return;
      }
    }
    List<Path> entries = entries();
    List<Path> others =
        entries.stream().filter(path -> !OURS.contains(path.getFileName().toString())).toList();
    for (Path other : others) {
      if (Files.isDirectory(other.resolve(STORE))) {
        findings.warn(
            root + " holds no store, but " + other + " does",
            "set " + KEY + " to " + other + ", or mount the volume one level deeper");
        return;
      }
    }
    if (others.isEmpty()) {
      findings.ok("empty: a new store begins here");
    } else {
      findings.warn(
          "holds other things and no store: "
              + String.join(
                  ", ",
                  others.stream()
                      .limit(MOST_NAMES)
                      .map(path -> path.getFileName().toString())
                      .toList()),
          "see whether the right volume is mounted, and whether " + KEY + " names its folder");
    }
  }

  private List<Path> entries() throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(root)) {
      for (Path each : all) {
        if (entries.size() == MOST_LOOKED_AT) {
          break;
        }
        entries.add(each);
      }
    }
    return entries;
  }
}
