package dev.berth.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// A volume of 64 MiB that fills up: pushes are refused with 507 and a sentence, all else goes on,
/// and when there is room again, pushes do too.
@Isolated
final class DiskFullIT {
  private static final int BLOB = 3 << 20;
  private static final int MORE_THAN_FIT = 40;

  private final RandomGenerator random = new SplittableRandom(3);

  @TempDir private Path folder;
  private boolean mounted;

  @BeforeEach
  void mountASmallVolume() throws IOException {
    Tools.requireRoot();
    Tools.get("mkfs.ext4");
    Path image = folder.resolve("disk.img");
    Program.of("truncate", "-s", "64M", image).run();
    Program.of("mkfs.ext4", "-q", "-F", "-m", "0", image).run();
    Files.createDirectories(disk());
    Program.of("mount", "-o", "loop", image, disk()).run();
    mounted = true;
  }

  @AfterEach
  void unmount() {
    if (mounted) {
      Program.of("umount", disk()).run();
    }
  }

  @Test
  void refusesPushesWith507ThenRecovers() throws IOException {
    // Something else on the volume, whose removal makes room again.
    Path ballast = Files.write(disk().resolve("ballast"), new byte[12 << 20]);
    try (RunningRegistry registry = start()) {
      var client = registry.client();
      SampleImage before = SampleImage.small(random);
      client.push("full/image", "before", before);

      Map<String, byte[]> kept = fill(client);
      assertRefused(client);
      kept.forEach(
          (digest, content) -> assertThat(client.findBlob("full", digest)).contains(content));
      assertThat(client.resolve("full/image", "before")).contains(before.digest());
      client.pushManifest("full/image", "tagged-when-full", before.manifest());
      assertThat(client.tags("full/image")).containsExactly("before", "tagged-when-full");
      assertThat(client.deleteManifest("full/image", "before")).isEqualTo(202);
      assertThat(client.tags("full/image")).containsExactly("tagged-when-full");

      Files.delete(ballast);

      SampleImage after = SampleImage.oci(random, "amd64", 1, 1 << 20);
      client.push("full/image", "after", after);
      assertThat(client.resolve("full/image", "after")).contains(after.digest());
    }
  }

  @Test
  void startsAndServesOnAFullVolume() throws IOException {
    SampleImage image = SampleImage.small(random);
    try (RunningRegistry registry = start()) {
      registry.client().push("full/image", "one", image);
    }
    Program.of("dd", "if=/dev/zero", "of=" + disk().resolve("ballast"), "bs=64k").outcome();

    try (RunningRegistry registry = start()) {
      assertRefused(registry.client());
      assertThat(registry.client().resolve("full/image", "one")).contains(image.digest());
    }
  }

  /// Pushes blobs until one is refused; gives those that were taken.
  private Map<String, byte[]> fill(RegistryClient client) {
    var kept = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < MORE_THAN_FIT; i++) {
      byte[] content = new byte[BLOB];
      random.nextBytes(content);
      int status = client.offerBlob("full", content);
      if (status != 201) {
        assertThat(status).isEqualTo(507);
        return kept;
      }
      kept.put(Digests.sha256(content), content);
    }
    throw new AssertionError("64 MiB took " + MORE_THAN_FIT + " blobs of 3 MiB");
  }

  private void assertRefused(RegistryClient client) {
    HttpResponse<byte[]> answer =
        client.send("POST", "/v2/full/blobs/uploads/", Map.of(), new byte[0]);

    assertThat(answer.statusCode()).isEqualTo(507);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("\"code\":\"DENIED\"", "full");
  }

  private RunningRegistry start() {
    return Registries.underTest().start(RegistryConfig.on(disk().resolve("registry")));
  }

  private Path disk() {
    return folder.resolve("disk");
  }
}
