package dev.berth.server.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The file systems that this process sees (proc(5), `mountinfo`).
final class MountTable {
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final int ROOT = 3;
  private static final int POINT = 4;
  private static final int OPTIONS = 5;
  private static final String BEFORE_TYPE = " - ";

  private final List<Mount> mounts;

  /// @param root what of the file system is mounted
  /// @param options of the mount and of the file system
  record Mount(Path point, String root, String type, String source, List<String> options) {}

  private MountTable(List<Mount> mounts) {
    this.mounts = mounts;
  }

  static MountTable read() throws IOException {
    return parse(Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1));
  }

  /// Lines that are none are passed over.
  static MountTable parse(List<String> lines) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : lines) {
      String[] fields = line.split(" ", -1);
      int type = line.indexOf(BEFORE_TYPE);
      if (fields.length > OPTIONS && type >= 0) {
        String[] system = line.substring(type + BEFORE_TYPE.length()).split(" ", -1);
        List<String> options = new ArrayList<>(List.of(fields[OPTIONS].split(",")));
        if (system.length > 2) {
          options.addAll(List.of(system[2].split(",")));
        }
        mounts.add(
            new Mount(
                Path.of(plain(fields[POINT])),
                plain(fields[ROOT]),
                system[0],
                system.length > 1 ? system[1] : "",
                List.copyOf(options)));
      }
    }
    return new MountTable(mounts);
  }

  private static String plain(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }

  /// The file system that a path lies on: of several at one point the last covers the others.
  ///
  /// @param real without symbolic links
  Optional<Mount> find(Path real) {
    Optional<Mount> found = Optional.empty();
    for (Mount mount : mounts) {
      boolean holds = real.startsWith(mount.point());
      if (holds
          && (found.isEmpty()
              || mount.point().getNameCount() >= found.get().point().getNameCount())) {
        found = Optional.of(mount);
      }
    }
    return found;
  }
}
