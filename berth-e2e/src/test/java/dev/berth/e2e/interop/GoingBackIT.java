package dev.berth.e2e.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Digests;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/storage-format.md says of the way back to 2.8.2: the script there finds what its
/// collector stumbles over, and once that is removed the collector works and takes nothing away.
final class GoingBackIT {
  private static final Path PAGE = Path.of("..", "docs", "storage-format.md");
  private static final Pattern SCRIPT = Pattern.compile("(?s)## Going back.*?```sh\n(.*?)```");
  private static final Pattern FOUND = Pattern.compile("(.+): .*/revisions/sha256/(\\w{64})/link");
  private static final String REPOSITORY = "team/app";

  private final SplittableRandom random = new SplittableRandom(13);

  @TempDir private Path folder;

  @Test
  void theScriptFindsWhatTheCollectorStumblesOver() throws Exception {
    Tools.get("jq");
    Path two = Tools.get("docker-registry");
    Path config =
        Files.writeString(
            folder.resolve("config.yml"),
            "{version: 0.1, storage: {filesystem: {rootdirectory: " + root() + "}}}");
    SampleImage image = SampleImage.small(random);
    var odd = manifest(image, "application/vnd.example.odd+json", "", "");
    SampleImage.Manifest bySha512;
    try (var registry = Registries.underTest().start(RegistryConfig.on(root()))) {
      RegistryClient client = registry.client();
      client.push(REPOSITORY, "stays", image);
      client.pushManifest(REPOSITORY, "odd", odd);
      bySha512 = manifest(image, image.manifest().mediaType(), "", layer(client));
      client.pushManifest(REPOSITORY, "by-sha512", bySha512);
    }
    var old = manifest(image, image.manifest().mediaType(), "schemaVersion", "");
    plant(old);
    assertThat(Program.of(two, "garbage-collect", config).outcome().exit()).isNotZero();

    List<Found> found = found();

    assertThat(found)
        .containsExactlyInAnyOrder(
            new Found(odd.digest(), "a type that 2.8.2 does not know"),
            new Found(bySha512.digest(), "names content by sha512"),
            new Found(old.digest(), "no schemaVersion"));
    try (var registry = Registries.underTest().start(RegistryConfig.on(root()))) {
      for (Found manifest : found) {
        assertThat(registry.client().deleteManifest(REPOSITORY, manifest.digest())).isEqualTo(202);
      }
    }
    Program.of(two, "garbage-collect", config).run();
    try (var registry = Registries.DISTRIBUTION_2.start(RegistryConfig.on(root()))) {
      RegistryClient client = registry.client();
      assertThat(client.findManifest(REPOSITORY, "stays")).contains(image.manifest().bytes());
      for (byte[] blob : image.blobs()) {
        assertThat(client.findBlob(REPOSITORY, Digests.sha256(blob))).contains(blob);
      }
    }
  }

  private static String layer(RegistryClient client) throws Exception {
    byte[] content = "a layer that is named by sha512".getBytes(UTF_8);
    byte[] hash = MessageDigest.getInstance("SHA-512").digest(content);
    String digest = "sha512:" + HexFormat.of().formatHex(hash);
    String path = "/v2/" + REPOSITORY + "/blobs/uploads/?digest=" + digest;
    assertThat(client.send("POST", path, Map.of(), content).statusCode()).isEqualTo(201);
    return ",{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(digest, content.length);
  }

  /// The image's manifest, changed a little.
  private static SampleImage.Manifest manifest(
      SampleImage image, String type, String without, String oneMoreLayer) {
    String text =
        new String(image.manifest().bytes(), UTF_8)
            .replace(image.manifest().mediaType(), type)
            .replaceFirst("\\s*\\]\\s*\\}\\s*$", Matcher.quoteReplacement(oneMoreLayer + "]}"));
    String changed =
        without.isEmpty() ? text : text.replaceFirst("\"" + without + "\"\\s*:\\s*\\w+\\s*,", "");
    assertThat(changed).isNotEqualTo(new String(image.manifest().bytes(), UTF_8));
    return new SampleImage.Manifest(type, changed.getBytes(UTF_8));
  }

  /// As Berth stored it when it still took it.
  private void plant(SampleImage.Manifest manifest) throws IOException {
    String hex = manifest.digest().substring("sha256:".length());
    Path tree = root().resolve("docker/registry/v2");
    Path blob = tree.resolve("blobs/sha256/" + hex.substring(0, 2) + "/" + hex);
    Path revision =
        tree.resolve("repositories/" + REPOSITORY + "/_manifests/revisions/sha256/" + hex);
    Files.createDirectories(blob);
    Files.createDirectories(revision);
    Files.write(blob.resolve("data"), manifest.bytes());
    Files.writeString(revision.resolve("link"), manifest.digest());
  }

  private record Found(String digest, String reason) {}

  /// What the script prints.
  private List<Found> found() throws IOException {
    Matcher page = SCRIPT.matcher(Files.readString(PAGE));
    assertThat(page.find()).isTrue();
    String script = page.group(1).replace("<root>", root().toString());
    String printed = Program.of("sh", "-c", script).run().out();
    List<Found> found = new ArrayList<>();
    for (String line : printed.lines().toList()) {
      Matcher match = FOUND.matcher(line);
      assertThat(match.matches()).as(line).isTrue();
      found.add(new Found("sha256:" + match.group(2), match.group(1)));
    }
    return found;
  }

  private Path root() {
    return folder.resolve("store");
  }
}
