package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.OciLayout;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
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
    var images = ARCHITECTURES.stream().map(a -> SampleImage.oci(random, a, 2, 100_000)).toList();
    var index = SampleImage.index(images, ARCHITECTURES);
    Path layout = OciLayout.in(folder.resolve("out")).add("one", index, images).folder();
    Path archive = folder.resolve("images.tar");
    Program.of("tar", "-cf", archive, "-C", layout, ".").run();
    String reference = registry().reference("con/tainerd", "one");

    try (Containerd containerd = Containerd.start(folder)) {
      containerd.images("import", "--no-unpack", "--all-platforms", "--base-name", "made", archive);
      containerd.images("tag", "made:one", reference);
      push(containerd, reference);
      containerd.images("rm", "--sync", "made:one", reference);
      containerd.images(
          "pull", "--plain-http", "--snapshotter", "native", "--all-platforms", reference);
      String listed = containerd.images("ls", "name==" + reference);
      String checked = containerd.images("check", "--snapshotter", "native", "name==" + reference);

      assertThat(client().resolve("con/tainerd", "one")).contains(index.digest());
      assertThat(listed).contains(index.digest());
      assertThat(checked).contains("complete");
    }
  }

  /// Again when ctr has lost a stream of its own, and for no other reason.
  private static void push(Containerd containerd, String reference) {
    Program push = containerd.program("push", "--plain-http", reference);
    Program.Outcome outcome = push.outcome();
    for (int again = 1; again < PUSHES && outcome.err().strip().equals(STREAM_LOST); again++) {
      System.out.println("ContainerdIT: ctr lost a stream of its daemon, pushing again");
      outcome = push.outcome();
    }
    outcome.orFail();
  }
}
