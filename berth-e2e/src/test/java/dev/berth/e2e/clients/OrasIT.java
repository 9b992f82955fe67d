package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// oras pushes artifacts that are no images, and hangs others on them.
final class OrasIT extends ClientTest {
  private static final String REPORT = "application/vnd.example.report";
  private static final String SIGNATURE = "application/vnd.example.signature";

  @Test
  void pushesAnArtifactAndPullsItBack() throws IOException {
    Path oras = Tools.get("oras");
    Path source = Files.createDirectories(folder.resolve("source"));
    byte[] content = new byte[300_000];
    random.nextBytes(content);
    Files.write(source.resolve("model.bin"), content);
    String reference = registry().reference("or/as", "v1");

    oras(oras, source, "push", "--artifact-type", REPORT, reference, "model.bin");
    Path target = Files.createDirectories(folder.resolve("target"));
    oras(oras, target, "pull", reference);

    assertThat(Files.readAllBytes(target.resolve("model.bin"))).isEqualTo(content);
  }

  @Test
  void attachesReferrersAndDiscoversThemByType() throws IOException {
    Path oras = Tools.get("oras");
    Path source = Files.createDirectories(folder.resolve("source"));
    Files.writeString(source.resolve("one.txt"), "one");
    String reference = registry().reference("or/as", "v1");

    oras(
        oras, source, "push", "--artifact-type", "application/vnd.example.x", reference, "one.txt");
    oras(oras, source, "attach", "--artifact-type", REPORT, reference, "one.txt");
    oras(oras, source, "attach", "--artifact-type", SIGNATURE, reference, "one.txt");
    String all = oras(oras, source, "discover", "--format", "json", reference);
    String some =
        oras(oras, source, "discover", "--format", "json", "--artifact-type", SIGNATURE, reference);

    assertThat(all).contains(REPORT, SIGNATURE);
    assertThat(some).contains(SIGNATURE).doesNotContain(REPORT);
    assertThat(client().tags("or/as")).as("no fallback tags").containsExactly("v1");
  }

  private String oras(Path oras, Path directory, String verb, Object... words) {
    var line = new ArrayList<Object>();
    line.add(oras);
    line.add(verb);
    line.add("--plain-http");
    line.addAll(List.of(words));
    return Program.of(line.toArray()).in(directory).with("HOME", folder).run().text();
  }
}
