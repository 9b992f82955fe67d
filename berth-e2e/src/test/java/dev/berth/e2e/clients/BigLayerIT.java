package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.ControlGroup;
import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// A layer of 1 GiB, pushed and pulled back by clients that send it in different ways.
@Large
final class BigLayerIT extends ClientTest {
  private static final int MEBIBYTES = 1024;

  @Test
  void skopeoStreamsIt() throws IOException {
    Path skopeo = Tools.get("skopeo");
    BigLayer big = BigLayer.make(folder.resolve("out"), MEBIBYTES);
    String there = "docker://" + registry().reference("big/skopeo", "one");

    skopeo(skopeo, "oci:" + big.layout() + ":" + BigLayer.TAG, there, "--dest-tls-verify=false");
    skopeo(skopeo, there, "oci:" + folder.resolve("back") + ":one", "--src-tls-verify=false");

    assertThat(client().resolve("big/skopeo", "one")).contains(big.digest());
    assertLayerCameBack(big);
  }

  @Test
  void regctlSendsItInChunks() throws IOException {
    Path regctl = Tools.get("regctl");
    BigLayer big = BigLayer.make(folder.resolve("out"), MEBIBYTES);
    String there = registry().reference("big/regctl", "one");
    String host = "reg=" + registry().host() + ",tls=disabled,blobChunk=67108864,blobMax=1048576";

    regctl(regctl, host, "ocidir://" + big.layout() + ":" + BigLayer.TAG, there);
    regctl(regctl, host, there, "ocidir://" + folder.resolve("back") + ":one");

    assertThat(client().resolve("big/regctl", "one")).contains(big.digest());
    assertLayerCameBack(big);
  }

  @Test
  void cranePushesAndValidatesIt() throws IOException {
    Path crane = Tools.get("crane");
    BigLayer big = BigLayer.make(folder.resolve("out"), MEBIBYTES);
    String there = registry().reference("big/crane", "one");

    Program.of(crane, "push", "--insecure", big.layout(), there).run();
    Program.of(crane, "pull", "--insecure", "--format=oci", there, folder.resolve("back")).run();

    assertThat(client().resolve("big/crane", "one")).contains(big.digest());
    assertLayerCameBack(big);
  }

  @Test
  void goesThroughASmallPod() throws IOException {
    Path regctl = Tools.get("regctl");
    BigLayer big = BigLayer.make(folder.resolve("out"), MEBIBYTES);
    try (var group = ControlGroup.ofASmallPod();
        var pod = group.startBerth(folder)) {
      String there = pod.reference("big/pod", "one");
      String host = "reg=" + pod.host() + ",tls=disabled";

      regctl(regctl, host, "ocidir://" + big.layout() + ":" + BigLayer.TAG, there);
      regctl(regctl, host, there, "ocidir://" + folder.resolve("back") + ":one");

      assertThat(pod.client().resolve("big/pod", "one")).contains(big.digest());
      assertLayerCameBack(big);
    }
  }

  private void assertLayerCameBack(BigLayer big) {
    Path layer = folder.resolve("back").resolve(BigLayer.blob(big.layerDigest()));
    assertThat(Digests.sha256(layer)).isEqualTo(big.layerDigest());
  }

  private static void skopeo(Path skopeo, String from, String to, String tls) {
    Program.of(skopeo, "copy", "--preserve-digests", tls, from, to).run();
  }

  private void regctl(Path regctl, String host, String from, String to) {
    Program.of(regctl, "--host", host, "image", "copy", from, to).with("HOME", folder).run();
  }
}
