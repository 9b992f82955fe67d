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

  /// All that ctr says when it loses the stream on which its own daemon hands it a layer, about
  /// once in 200 pushes, and to registry 2.8.2 as often: gRPC for Go before 1.49 may take a
  /// stream's window for smaller than it has told the sender, and then breaks the stream off
  /// (https://github.com/grpc/grpc-go/issues/5358; Debian's containerd 1.6 has 1.33). Nothing that
  /// a registry answers, and no connection that it cuts, makes these words.
  private static final String STREAM_LOST =
      "ctr: failed to copy: rpc error: code = Internal desc = unexpected EOF";

  /// So that a push fails one run in millions, and a fault that is always there still fails.
  private static final int PUSHES = 3;

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
      push(ctr, reference);
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

  /// Again when ctr has lost a stream of its own, and for no other reason.
  private void push(Path ctr, String reference) {
    Program push = images(ctr, "push", "--plain-http", reference);
    Program.Outcome outcome = push.outcome();
    for (int again = 1; again < PUSHES && outcome.err().strip().equals(STREAM_LOST); again++) {
      System.out.println("ContainerdIT: ctr lost a stream of its daemon, pushing again");
      outcome = push.outcome();
    }
    outcome.orFail();
  }

  private String ctr(Path ctr, Object... words) {
    return images(ctr, words).run().text();
  }

  private Program images(Path ctr, Object... words) {
    var line = new ArrayList<Object>();
    line.addAll(List.of(ctr, "-a", folder.resolve("socket"), "images"));
    line.addAll(List.of(words));
    return Program.of(line.toArray());
  }
}
