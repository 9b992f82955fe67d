package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Daemon;
import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// containerd's `ctr` against a containerd with folders and a socket of its own.
final class ContainerdIT extends ClientTest {
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  @Test
  void pushesAnIndexAndPullsItBack() throws Exception {
    Tools.requireRoot();
    Path ctr = Tools.get("ctr");
    var images = ARCHITECTURES.stream().map(a -> SampleImage.oci(random, a, 2, 100_000)).toList();
    var index = SampleImage.index(images, ARCHITECTURES);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", index, images).folder();
    Path archive = folder.resolve("images.tar");
    Program.of("tar", "-cf", archive, "-C", layout, ".").run();
    String reference = registry().reference("con/tainerd", "one");

    try (var _ = containerd()) {
      ctr(ctr, "import", "--no-unpack", "--all-platforms", "--base-name", "made", archive);
      ctr(ctr, "tag", "made:one", reference);
      ctr(ctr, "push", "--plain-http", reference);
      ctr(ctr, "rm", "--sync", "made:one", reference);
      ctr(ctr, "pull", "--plain-http", "--snapshotter", "native", "--all-platforms", reference);
      String listed = ctr(ctr, "ls", "name==" + reference);
      String checked = ctr(ctr, "check", "--snapshotter", "native", "name==" + reference);

      assertThat(client().resolve("con/tainerd", "one")).contains(index.digest());
      assertThat(listed).contains(index.digest());
      assertThat(checked).contains("complete");
    }
  }

  private Daemon containerd() throws IOException {
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
    return Daemon.start(
        folder.resolve("containerd.log"),
        List.of(Tools.get("containerd").toString(), "--config", config.toString()),
        () -> Program.of(Tools.get("ctr"), "-a", socket, "version").outcome().exit() == 0);
  }

  private String ctr(Path ctr, Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(ctr, "-a", folder.resolve("socket"), "images"));
    line.addAll(List.of(words));
    return Program.of(line.toArray()).run().text();
  }
}
