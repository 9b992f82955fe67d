package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// A control group of the kernel with the limits that a Kubernetes `resources.limits` makes, in
/// version 1 or 2, whichever the machine has. Needs root.
public final class ControlGroup implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");
  private static final int PERIOD_MICROS = 100_000;

  private final List<Path> folders = new ArrayList<>();

  /// @param mebibytes of memory
  /// @param millicores thousandths of one core
  public ControlGroup(int mebibytes, int millicores) throws IOException {
    Tools.requireRoot();
    String name = "berth-e2e-" + ThreadLocalRandom.current().nextInt(1_000_000);
    String memory = Long.toString((long) mebibytes << 20);
    String quota = Integer.toString(PERIOD_MICROS / 1000 * millicores);
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
      Path folder = make(ROOT.resolve(name));
      Tools.require(Files.exists(folder.resolve("memory.max")), "cgroup v2 memory not delegated");
      Files.writeString(folder.resolve("memory.max"), memory);
      Files.writeString(folder.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
    } else {
      Tools.require(Files.exists(ROOT.resolve("memory/memory.limit_in_bytes")), "no cgroups");
      Path memoryFolder = make(ROOT.resolve("memory").resolve(name));
      Files.writeString(memoryFolder.resolve("memory.limit_in_bytes"), memory);
      Path cpuFolder = make(ROOT.resolve("cpu").resolve(name));
      Files.writeString(cpuFolder.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
      Files.writeString(cpuFolder.resolve("cpu.cfs_quota_us"), quota);
    }
  }

  /// The group that deployments of registry 2.8.2 ask for: `memory: 128Mi`, `cpu: 250m`.
  public static ControlGroup ofASmallPod() throws IOException {
    return new ControlGroup(128, 250);
  }

  /// Starts Berth inside, by a script in `folder`, with its store there.
  public RunningRegistry startBerth(Path folder) throws IOException {
    Path script = folder.resolve("berth-in-group");
    var line = new StringBuilder("#!/bin/sh\n");
    folders.forEach(
        group -> line.append("echo $$ >").append(group.resolve("cgroup.procs")).append('\n'));
    line.append("exec ").append(Registries.berth()).append(" \"$@\"\n");
    Files.writeString(script, line);
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("cannot make executable: " + script);
    }
    return Registries.startBerth(script, RegistryConfig.on(folder.resolve("registry")));
  }

  private Path make(Path folder) throws IOException {
    folders.add(Files.createDirectory(folder));
    return folder;
  }

  @Override
  public void close() {
    for (Path folder : folders) {
      try {
        Files.deleteIfExists(folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
