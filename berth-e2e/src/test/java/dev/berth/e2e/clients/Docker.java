package dev.berth.e2e.clients;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The docker command with a daemon of its own, which touches no network of the machine.
public record Docker(Path folder, Daemon daemon) implements AutoCloseable {
  /// Starts the daemon.
  ///
  /// @param folder for all that the two write
  public static Docker start(Path folder) {
    Tools.requireRoot();
    Tools.get("docker");
    String socket = socket(folder);
    return new Docker(
        folder,
        Daemon.start(
            folder.resolve("dockerd.log"),
            List.of(
                Tools.get("dockerd").toString(),
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--host=" + socket,
                "--storage-driver=vfs",
                "--iptables=false",
                "--ip6tables=false",
                "--bridge=none"),
            () -> Program.of("docker", "--host", socket, "version").outcome().exit() == 0));
  }

  private static String socket(Path folder) {
    return "unix://" + folder.resolve("socket");
  }

  /// What it prints.
  public String run(Object... words) {
    return program(words).run().text();
  }

  Program program(Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(Tools.get("docker"), "--config", folder.resolve("config")));
    line.addAll(List.of("--host", socket(folder)));
    line.addAll(List.of(words));
    return Program.of(line.toArray());
  }

  @Override
  public void close() {
    daemon.close();
  }
}
