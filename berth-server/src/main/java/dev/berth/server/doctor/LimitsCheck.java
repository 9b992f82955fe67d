package dev.berth.server.doctor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What the system grants a process here, against what the JVM is told to take.
final class LimitsCheck implements Check {
  private static final long LEAST_FILES = 4096;
  private static final long MEBI = 1L << 20;

  /// Threads, classes and the JVM itself, beside heap, buffers and compiled code.
  private static final long OTHER_MEBIBYTES = 40;

  private static final Path PROC = Path.of("/proc/self");
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final String OPEN_FILES = "Max open files";

  @Override
  public void look(Findings findings) throws IOException {
    files(Files.readAllLines(PROC.resolve("limits")), findings);
    Optional<Long> limit = memoryLimit(Files.readAllLines(PROC.resolve("cgroup")), GROUPS);
    memory(limit, ManagementFactory.getRuntimeMXBean().getInputArguments(), findings);
  }

  static void files(List<String> limits, Findings findings) {
    for (String line : limits) {
      if (line.startsWith(OPEN_FILES)) {
        String soft = line.substring(OPEN_FILES.length()).strip().split(" +", 2)[0];
        boolean enough = soft.equals("unlimited") || Long.parseLong(soft) >= LEAST_FILES;
        String what = "this process may open " + soft + " files";
        if (enough) {
          findings.ok(what);
        } else {
          findings.warn(
              what + ": each connection and each layer under way is one",
              "raise it to " + LEAST_FILES + " or more (ulimit -n, LimitNOFILE in a unit)");
        }
        return;
      }
    }
    findings.skip("open files: the system does not tell");
  }

  /// The smallest limit of the control group and of those above it, in bytes.
  ///
  /// @param groups lines of `/proc/self/cgroup`
  static Optional<Long> memoryLimit(List<String> groups, Path mount) {
    return groups.stream()
        .map(line -> line.split(":", 3))
        .filter(parts -> parts.length == 3)
        .flatMap(
            parts ->
                switch (parts[1]) {
                  case "" -> limits(mount, parts[2], "memory.max");
                  case String controllers when List.of(controllers.split(",")).contains("memory") ->
                      limits(mount.resolve("memory"), parts[2], "memory.limit_in_bytes");
                  default -> Stream.empty();
                })
        .min(Long::compare);
  }

  /// Inside a container the group may name a folder of the host that is not there.
  private static Stream<Long> limits(Path mount, String group, String file) {
    Stream.Builder<Long> found = Stream.builder();
    Path relative = Path.of(group.replaceFirst("^/+", ""));
    Path folder = mount.resolve(relative).normalize();
    while (folder != null && folder.startsWith(mount)) {
      limit(folder.resolve(file)).ifPresent(found::add);
      folder = folder.getParent();
    }
    return found.build();
  }

  private static Optional<Long> limit(Path file) {
    try {
      String text = Files.readString(file).strip();
      // "max", and a number of nineteen digits, mean no limit.
      return text.matches("[0-9]{1,15}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static void memory(Optional<Long> limit, List<String> flags, Findings findings) {
    if (limit.isEmpty()) {
      findings.ok("no memory limit holds for this process");
      return;
    }
    long heap = flag(flags, "-Xmx").orElse(Runtime.getRuntime().maxMemory());
    long direct = flag(flags, "-XX:MaxDirectMemorySize=").orElse(heap);
    long code = flag(flags, "-XX:ReservedCodeCacheSize=").orElse(0L);
    long most = (heap + direct + code) / MEBI + OTHER_MEBIBYTES;
    String what =
        "memory limit of "
            + limit.get() / MEBI
            + " MiB, the JVM may take "
            + most
            + " MiB (heap "
            + heap / MEBI
            + ", buffers "
            + direct / MEBI
            + ", code "
            + code / MEBI
            + ", other "
            + OTHER_MEBIBYTES
            + ")";
    if (most > limit.get() / MEBI) {
      findings.warn(
          what + ": under load the system ends the process",
          "raise resources.limits.memory to " + most + "Mi, or lower -Xmx in BERTH_JAVA_OPTS");
    } else {
      findings.ok(what);
    }
  }

  /// The last of several counts.
  private static Optional<Long> flag(List<String> flags, String name) {
    return flags.stream()
        .filter(flag -> flag.startsWith(name))
        .reduce((_, last) -> last)
        .map(flag -> flag.substring(name.length()).toLowerCase(Locale.ROOT))
        .filter(size -> size.matches("[0-9]{1,12}[kmgt]?"))
        .map(LimitsCheck::bytes);
  }

  private static long bytes(String size) {
    int unit = "kmgt".indexOf(size.charAt(size.length() - 1));
    return unit < 0
        ? Long.parseLong(size)
        : Long.parseLong(size.substring(0, size.length() - 1)) << (10 * (unit + 1));
  }
}
