package dev.berth.e2e.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// After the same requests, the tree Berth wrote and the tree registry 2.8.2 wrote are the same but
/// for what `docs/storage-format.md` lists.
final class SameTreeIT {
  /// 2.8.2 leaves the hash state of an upload that was cancelled.
  private static final String CANCELLED_UPLOAD =
      "Only in two/docker/registry/v2/repositories/team/app/_uploads: [0-9a-f-]{36}";

  @TempDir private Path folder;

  @BeforeEach
  void needsRegistry2() {
    Tools.get("docker-registry");
  }

  @Test
  void writesTheTreeOfRegistry2() {
    write(Registries.underTest(), folder.resolve("berth"), SameTreeIT::pushMoveMountDelete);
    write(Registries.DISTRIBUTION_2, folder.resolve("two"), SameTreeIT::pushMoveMountDelete);

    var difference = Program.of("diff", "-r", "berth", "two").in(folder).outcome();

    assertThat(difference.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).isEqualTo("Only in berth: berth"),
            line -> assertThat(line).matches(CANCELLED_UPLOAD));
  }

  @Test
  void seesADifference() {
    write(Registries.DISTRIBUTION_2, folder.resolve("berth"), SameTreeIT::pushMoveMountDelete);
    write(Registries.DISTRIBUTION_2, folder.resolve("two"), SameTreeIT::pushOneMore);

    var difference = Program.of("diff", "-r", "berth", "two").in(folder).outcome();

    assertThat(difference.out().lines()).isNotEmpty();
  }

  @Test
  void registry2CollectsGarbageInATreeOfBerth() {
    Path root = folder.resolve("berth");
    write(Registries.underTest(), root, SameTreeIT::pushMoveMountDelete);
    Path config = folder.resolve("config.yml");
    Program.of(
            "sh",
            "-c",
            "echo '{version: 0.1, storage: {filesystem: {rootdirectory: "
                + root
                + "}, delete: {enabled: true}}}' > "
                + config)
        .run();

    var collected =
        Program.of(Tools.get("docker-registry"), "garbage-collect", config).run().text();

    assertThat(collected).contains("blob eligible for deletion");
    try (var registry = Registries.underTest().start(RegistryConfig.on(root))) {
      var client = registry.client();
      assertThat(client.tags("team/app")).containsExactly("latest", "v2");
      assertThat(client.findManifest("team/app", "latest")).isPresent();
      assertThat(client.resolve("team/app", "v2")).isEqualTo(client.resolve("team/app", "latest"));
    }
  }

  private static void write(Registries kind, Path root, Consumer<RegistryClient> requests) {
    try (var registry = kind.start(RegistryConfig.on(root))) {
      requests.accept(registry.client());
    }
  }

  private static void pushOneMore(RegistryClient client) {
    pushMoveMountDelete(client);
    client.pushBlob("team/app", new byte[] {1});
  }

  private static void pushMoveMountDelete(RegistryClient client) {
    var random = new SplittableRandom(11);
    SampleImage one = SampleImage.small(random);
    SampleImage two = SampleImage.oci(random, "amd64", 3, 20_000);
    SampleImage docker = SampleImage.docker(random, 1, 3_000);
    client.push("team/app", "latest", one);
    client.push("team/app", "v2", two);
    client.pushManifest("team/app", "latest", two.manifest());
    client.push("team/app/docker", "v1", docker);
    client.pushManifest("team/app", two.digest(), two.manifest());
    client.pushBlob("team/app", new byte[0]);
    String loose = client.pushBlob("team/app", new byte[] {7, 7, 7});
    client.mount("library/other", "team/app", loose);
    var images = List.of(one, two);
    client.pushManifest("team/app", "all", SampleImage.index(images, List.of("amd64", "arm64")));
    String location = client.startUpload("team/app");
    client.send("DELETE", location, Map.of(), new byte[0]);
    client.deleteManifest(
        "team/app", SampleImage.index(images, List.of("amd64", "arm64")).digest());
    client.deleteManifest("team/app", one.digest());
    client.deleteBlob("library/other", loose);
  }
}
