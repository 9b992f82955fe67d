package dev.berth.e2e.clients;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// podman as root, whose images and state are below a folder of its own.
final class Podman {
  private final List<Object> line = new ArrayList<>();

  Podman(Path folder) {
    Tools.requireRoot();
    line.addAll(List.of(Tools.get("podman"), "--root", folder.resolve("root")));
    line.addAll(List.of("--runroot", folder + "/run", "--storage-driver", "vfs"));
    line.addAll(List.of("--cgroup-manager", "cgroupfs", "--events-backend", "none"));
    line.addAll(List.of("--tmpdir", folder.resolve("tmp")));
  }

  Program program(Object... words) {
    var all = new ArrayList<>(line);
    all.addAll(List.of(words));
    return Program.of(all.toArray());
  }

  /// What it says when it succeeds.
  String run(Object... words) {
    return program(words).run().text();
  }
}
