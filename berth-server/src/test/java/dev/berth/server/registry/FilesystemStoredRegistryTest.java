package dev.berth.server.registry;

import static dev.berth.server.registry.Pushes.bytes;
import static dev.berth.server.registry.Pushes.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.BlobContent;
import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.MediaType;
import dev.berth.oci.Tag;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.filesystem.FilesystemDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a real file system, and what is done about files that other registries left
/// damaged there.
class FilesystemStoredRegistryTest extends RegistryContract {
  @TempDir Path root;

  @Override
  StorageDriver newDriver() {
    return FilesystemDriver.open(root);
  }

  private Path below(String path) {
    return root.resolve("docker/registry/v2").resolve(path);
  }

  private Path data(byte[] content) {
    String hex = sha256(content).hex();
    return below("blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
  }

  @Test
  void healsATagWhoseLinkWasCutOff() throws IOException {
    byte[] older = pushes.image(REPOSITORY, "older");
    byte[] newer = pushes.image(REPOSITORY, "newer");
    pushes.push(REPOSITORY, older, MediaType.OCI_MANIFEST, "t");
    pushes.push(REPOSITORY, newer, MediaType.OCI_MANIFEST, "t");
    Path link = below("repositories/team/app/_manifests/tags/t/current/link");
    Files.write(link, new byte[0]);

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(newer);

    assertThat(link).hasContent(sha256(newer).toString());
  }

  @Test
  void sendsSmallManifestsFromMemoryAndLargeOnesFromTheirFiles() {
    byte[] small = pushes.image(REPOSITORY, "small");
    byte[] config = bytes("{}");
    pushes.blob(REPOSITORY, config);
    byte[] large = Pushes.manifest(config, config, ",\"x\":\"" + "y".repeat(70_000) + "\"");
    pushes.push(REPOSITORY, small, MediaType.OCI_MANIFEST, "small");
    pushes.push(REPOSITORY, large, MediaType.OCI_MANIFEST, "large");

    try (BlobContent content = registry.getManifest(REPOSITORY, new Tag("small")).open()) {
      assertThat(content.bytes()).contains(small);
    }
    try (BlobContent content = registry.getManifest(REPOSITORY, new Tag("large")).open()) {
      assertThat(content.bytes()).isEmpty();
      assertThat(content.file()).isPresent();
    }
  }

  @Test
  void doesNotServeALargeManifestWhoseFileChanged() throws IOException {
    byte[] config = bytes("{}");
    pushes.blob(REPOSITORY, config);
    byte[] large = Pushes.manifest(config, config, ",\"x\":\"" + "y".repeat(70_000) + "\"");
    pushes.push(REPOSITORY, large, MediaType.OCI_MANIFEST, "large");
    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("large")))).isEqualTo(large);
    byte[] damaged = large.clone();
    damaged[60_000]++;
    Files.write(data(large), damaged);

    refused(
        ErrorCode.MANIFEST_UNKNOWN,
        () -> registry.getManifest(REPOSITORY, new Tag("large")).open());
    Files.write(data(large), large);
    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("large")))).isEqualTo(large);
  }

  @Test
  void healsRevisionAndLayerLinksThatWereCutOff() throws IOException {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "t");
    Digest layer = sha256(bytes("layer of a"));
    String repository = "repositories/team/app/";
    Files.write(
        below(repository + "_manifests/revisions/sha256/" + sha256(manifest).hex() + "/link"),
        new byte[0]);
    Path layerLink = below(repository + "_layers/sha256/" + layer.hex() + "/link");
    Files.write(layerLink, new byte[0]);

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, sha256(manifest))))
        .isEqualTo(manifest);
    assertThat(registry.blobSize(REPOSITORY, layer)).isPositive();
    assertThat(layerLink).hasContent(layer.toString());
  }

  @Test
  void takesAnEmptyDataForAbsentAndReplacesItAtTheNextPush() throws IOException {
    byte[] content = bytes("was lost");
    Digest digest = pushes.blob(REPOSITORY, content);
    Files.write(data(content), new byte[0]);

    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.blobSize(REPOSITORY, digest));
    pushes.blob(REPOSITORY, content);

    assertThat(pushes.pull(REPOSITORY, digest)).isEqualTo(content);
  }

  @Test
  void replacesBytesOfTheRightSizeThatAreWrong() throws IOException {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "t");
    Files.write(data(manifest), new byte[manifest.length]);
    byte[] layer = bytes("layer of a");
    Files.write(data(layer), new byte[layer.length]);

    pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "t");

    assertThat(data(manifest)).hasBinaryContent(manifest);
    assertThat(data(layer)).hasBinaryContent(layer);
  }

  @Test
  void takesAShortDataForMissingWhenAManifestNeedsIt() throws IOException {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    Files.writeString(data(bytes("layer of a")), "layer");

    refused(
        ErrorCode.MANIFEST_BLOB_UNKNOWN,
        () -> pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "t"));
    pushes.blob(REPOSITORY, bytes("layer of a"));
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "t");

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(manifest);
  }

  @Test
  void servesNoManifestWhoseBytesHaveAnotherDigest() throws IOException {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "t");
    Files.writeString(data(manifest), "{\"schemaVersion\":2,\"forged\":true}");

    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.getManifest(REPOSITORY, new Tag("t")));
  }

  @Test
  void seesATagMovedByAnotherProcessAtTheNextRead() throws IOException {
    byte[] first = pushes.image(REPOSITORY, "first");
    byte[] second = pushes.image(REPOSITORY, "second");
    pushes.push(REPOSITORY, first, MediaType.OCI_MANIFEST, "t");
    pushes.push(REPOSITORY, second, MediaType.OCI_MANIFEST);
    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(first);

    Files.writeString(
        below("repositories/team/app/_manifests/tags/t/current/link"), sha256(second).toString());

    assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(second);
  }

  /// A tag that stood still for long is answered by a look at its link, without reading it.
  @Test
  void seesATagMovedByAnotherProcessLongAfterItWasPushed() throws IOException {
    byte[] first = pushes.image(REPOSITORY, "first");
    byte[] second = pushes.image(REPOSITORY, "second");
    pushes.push(REPOSITORY, first, MediaType.OCI_MANIFEST, "t");
    pushes.push(REPOSITORY, second, MediaType.OCI_MANIFEST);
    Path link = below("repositories/team/app/_manifests/tags/t/current/link");
    FileTime longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    for (byte[] next : List.of(second, first, second)) {
      Files.setLastModifiedTime(link, longAgo);
      byte[] before = Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")));
      assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(before);

      Path renamed = Files.writeString(link.resolveSibling("new"), sha256(next).toString());
      Files.setLastModifiedTime(renamed, longAgo);
      Files.move(renamed, link, StandardCopyOption.ATOMIC_MOVE);
      assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(next);

      Files.writeString(link, sha256(before).toString());
      assertThat(Pushes.bytesOf(registry.getManifest(REPOSITORY, new Tag("t")))).isEqualTo(before);
      Files.writeString(link, sha256(next).toString());
    }
    Files.delete(link);
    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.getManifest(REPOSITORY, new Tag("t")));
  }

  @Test
  void finishesAnUploadThatAnotherRegistryAppendedTo() throws IOException {
    var session = registry.startUpload(REPOSITORY);
    registry.appendUpload(REPOSITORY, session.id(), Pushes.chunk(bytes("ours ")));
    Path data = below("repositories/team/app/_uploads/" + session.id() + "/data");
    Files.writeString(data, "ours theirs ");
    byte[] whole = bytes("ours theirs ours");

    registry.commitUpload(REPOSITORY, session.id(), Pushes.chunk(bytes("ours")), sha256(whole));

    assertThat(pushes.pull(REPOSITORY, sha256(whole))).isEqualTo(whole);
  }

  @Test
  void leavesNothingOfASessionBehind() throws IOException {
    pushes.blob(REPOSITORY, bytes("x"));

    try (var left = Files.list(below("repositories/team/app/_uploads"))) {
      assertThat(left).isEmpty();
    }
  }
}
