package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// helm pushes a chart as an OCI artifact and pulls it back, unchanged.
final class HelmIT extends ClientTest {
  private static final Pattern DIGEST = Pattern.compile("Digest:\\s*(sha256:[0-9a-f]{64})");

  @Test
  void pushesAChartAndPullsItBack() {
    Path helm = Tools.get("helm");
    String charts = "oci://" + registry().host() + "/charts";
    helm(helm, "create", "chart");
    assertThat(folder.resolve("back").toFile().mkdir()).isTrue();
    helm(helm, "package", "chart", "--version", "1.2.3+build.4");

    String pushed = helm(helm, "push", "--plain-http", "chart-1.2.3+build.4.tgz", charts);
    String version = "1.2.3+build.4";
    helm(helm, "pull", "--plain-http", charts + "/chart", "--version", version, "-d", "back");
    String shown =
        helm(helm, "show", "chart", "--plain-http", charts + "/chart", "--version", version);

    var digest = DIGEST.matcher(pushed);
    assertThat(digest.find()).as(pushed).isTrue();
    // OCI tags have no "+": helm writes "_" for it.
    assertThat(client().resolve("charts/chart", "1.2.3_build.4")).contains(digest.group(1));
    assertThat(Digests.sha256(folder.resolve("back/chart-1.2.3+build.4.tgz")))
        .isEqualTo(Digests.sha256(folder.resolve("chart-1.2.3+build.4.tgz")));
    assertThat(shown).contains("version: 1.2.3+build.4");
  }

  private String helm(Path helm, Object... words) {
    var line = new Object[words.length + 1];
    line[0] = helm;
    System.arraycopy(words, 0, line, 1, words.length);
    var outcome = Program.of(line).in(folder).with("HOME", folder).run();
    return outcome.out() + outcome.err();
  }
}
