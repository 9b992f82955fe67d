package dev.berth.e2e.clients;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// containerd's `ctr` with a containerd that has folders and a socket of its own.
record Containerd(Path folder, Daemon daemon) implements AutoCloseable {
  /// @param folder for all that the two write
  static Containerd start(Path folder) throws IOException {
    Tools.requireRoot();
    Path ctr = Tools.get("ctr");
    Path config =
        Files.writeString(
            folder.resolve("containerd.toml"),
            """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "%1$s/socket"
            """
                .formatted(folder));
    Path socket = folder.resolve("socket");
    return new Containerd(
        folder,
        Daemon.start(
            folder.resolve("containerd.log"),
            List.of(Tools.get("containerd").toString(), "--config", config.toString()),
            () -> Program.of(ctr, "-a", socket, "version").outcome().exit() == 0));
  }

  /// What a command about images prints.
  String images(Object... words) {
    return program(words).run().text();
  }

  Program program(Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(Tools.get("ctr"), "-a", folder.resolve("socket"), "images"));
    line.addAll(List.of(words));
    return Program.of(line.toArray());
  }

  @Override
  public void close() {
    daemon.close();
  }
}
