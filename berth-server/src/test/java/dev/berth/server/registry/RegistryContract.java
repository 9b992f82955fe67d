package dev.berth.server.registry;

import static dev.berth.server.registry.Pushes.broken;
import static dev.berth.server.registry.Pushes.bytes;
import static dev.berth.server.registry.Pushes.chunk;
import static dev.berth.server.registry.Pushes.chunkAt;
import static dev.berth.server.registry.Pushes.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.DataSize;
import dev.berth.config.SpaceConfig;
import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.ManifestPush;
import dev.berth.oci.MediaType;
import dev.berth.oci.PageRequest;
import dev.berth.oci.PushedManifest;
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import dev.berth.oci.UploadChunk;
import dev.berth.oci.UploadId;
import dev.berth.oci.UploadSession;
import dev.berth.server.store.Digests;
import dev.berth.server.store.Store;
import dev.berth.storage.StorageDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every registry must do, whatever it stores on. A kind of store passes when its subclass
/// does.
abstract class RegistryContract {
  static final RepositoryName REPOSITORY = new RepositoryName("team/app");
  static final RepositoryName OTHER = new RepositoryName("team/app/other");
  private static final PageRequest ALL = new PageRequest(OptionalInt.empty(), Optional.empty());

  static final RegistryRules RULES =
      new RegistryRules(true, false, true, false, url -> url.startsWith("https://"), 10);

  private StorageDriver driver;
  Registry registry;
  Pushes pushes;

  abstract StorageDriver newDriver();

  @BeforeEach
  void open() {
    driver = newDriver();
    registry = over(driver, RULES);
    pushes = new Pushes(registry);
  }

  @AfterEach
  void close() {
    driver.close();
  }

  static Registry over(StorageDriver driver, RegistryRules rules) {
    var none = new SpaceConfig(new DataSize(0), new DataSize(0));
    Store store = Store.open(driver, none, Clock.systemUTC(), new SecureRandom(), true);
    return new StoredRegistry(store, rules, ManifestCache.NONE);
  }

  StorageDriver driver() {
    return driver;
  }

  static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void givesBackTheBytesOfABlob() throws IOException {
    byte[] content = bytes("some content");

    Digest digest = pushes.blob(REPOSITORY, content);

    assertThat(pushes.pull(REPOSITORY, digest)).isEqualTo(content);
    assertThat(registry.blobSize(REPOSITORY, digest)).isEqualTo(content.length);
  }

  @Test
  void keepsTheBlobOfNoBytes() throws IOException {
    Digest digest = pushes.blob(REPOSITORY, new byte[0]);

    assertThat(pushes.pull(REPOSITORY, digest)).isEmpty();
  }

  @Test
  void knowsABlobOnlyInItsRepository() {
    Digest digest = pushes.blob(REPOSITORY, bytes("x"));

    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.blobSize(OTHER, digest));
  }

  @Test
  void refusesBytesOfAnotherDigestAndForgetsThem() {
    UploadSession session = registry.startUpload(REPOSITORY);
    Digest wrong = sha256(bytes("other"));

    refused(
        ErrorCode.DIGEST_INVALID,
        () -> registry.commitUpload(REPOSITORY, session.id(), chunk(bytes("x")), wrong));

    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.blobSize(REPOSITORY, wrong));
    refused(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> registry.findUpload(REPOSITORY, session.id()));
  }

  @Test
  void putsChunksTogether() throws IOException {
    UploadSession session = registry.startUpload(REPOSITORY);
    registry.appendUpload(REPOSITORY, session.id(), chunk(bytes("one "), bytes("two ")));
    UploadSession grown =
        registry.appendUpload(REPOSITORY, session.id(), chunkAt(8, bytes("three")));
    byte[] whole = bytes("one two three four");
    registry.commitUpload(REPOSITORY, session.id(), chunk(bytes(" four")), sha256(whole));

    assertThat(grown.size()).isEqualTo(13);
    assertThat(pushes.pull(REPOSITORY, sha256(whole))).isEqualTo(whole);
  }

  @Test
  void keepsAnUploadWhoseNextChunkStartsElsewhere() {
    UploadSession session = registry.startUpload(REPOSITORY);
    registry.appendUpload(REPOSITORY, session.id(), chunk(bytes("12345")));

    refused(
        ErrorCode.RANGE_INVALID,
        () -> registry.appendUpload(REPOSITORY, session.id(), chunkAt(3, bytes("x"))));

    assertThat(registry.findUpload(REPOSITORY, session.id()).size()).isEqualTo(5);
  }

  @Test
  void takesBackAChunkOfAnotherLengthThanAnnounced() throws IOException {
    UploadSession session = registry.startUpload(REPOSITORY);
    registry.appendUpload(REPOSITORY, session.id(), chunk(bytes("12345")));
    var announced =
        new UploadChunk(OptionalLong.of(5), OptionalLong.of(9), Pushes.body(bytes("6")));

    refused(
        ErrorCode.SIZE_INVALID, () -> registry.appendUpload(REPOSITORY, session.id(), announced));
    byte[] whole = bytes("1234567");
    registry.commitUpload(REPOSITORY, session.id(), chunk(bytes("67")), sha256(whole));

    assertThat(pushes.pull(REPOSITORY, sha256(whole))).isEqualTo(whole);
  }

  @Test
  void keepsWhatAClientSentBeforeItWentAway() throws IOException {
    UploadSession session = registry.startUpload(REPOSITORY);
    var cut =
        new UploadChunk(OptionalLong.empty(), OptionalLong.empty(), broken(bytes("first half ")));

    assertThatThrownBy(() -> registry.appendUpload(REPOSITORY, session.id(), cut))
        .isInstanceOf(UncheckedIOException.class);
    byte[] whole = bytes("first half second half");
    registry.commitUpload(
        REPOSITORY, session.id(), chunkAt(11, bytes("second half")), sha256(whole));

    assertThat(pushes.pull(REPOSITORY, sha256(whole))).isEqualTo(whole);
  }

  @Test
  void refusesASecondWriterAndKeepsTheFirstOnesBytes() throws IOException {
    UploadSession session = registry.startUpload(REPOSITORY);
    byte[] content = bytes("first");
    boolean[] asked = {false};
    UploadChunk slow =
        new UploadChunk(
            OptionalLong.empty(),
            OptionalLong.empty(),
            () -> {
              if (asked[0]) {
                return null;
              }
              asked[0] = true;
              refused(
                  ErrorCode.RANGE_INVALID,
                  () -> registry.appendUpload(REPOSITORY, session.id(), chunk(bytes("intruder"))));
              return java.nio.ByteBuffer.wrap(content);
            });

    registry.commitUpload(REPOSITORY, session.id(), slow, sha256(content));

    assertThat(pushes.pull(REPOSITORY, sha256(content))).isEqualTo(content);
  }

  @Test
  void forgetsACancelledUpload() {
    UploadSession session = registry.startUpload(REPOSITORY);
    registry.cancelUpload(REPOSITORY, session.id());

    refused(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> registry.cancelUpload(REPOSITORY, session.id()));
    refused(
        ErrorCode.BLOB_UPLOAD_UNKNOWN,
        () -> registry.appendUpload(REPOSITORY, session.id(), chunk(bytes("x"))));
    refused(
        ErrorCode.BLOB_UPLOAD_UNKNOWN,
        () -> registry.findUpload(REPOSITORY, new UploadId("never-begun")));
  }

  @Test
  void boundsTheUploadsThatAreOpen() {
    for (int i = 0; i < RULES.maxOpenUploads(); i++) {
      registry.startUpload(REPOSITORY);
    }

    refused(ErrorCode.TOOMANYREQUESTS, () -> registry.startUpload(REPOSITORY));
  }

  @Test
  void takesBlobsBySha512AndServesThemUnderBothNames() throws IOException {
    byte[] content = bytes("content with a long name");
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, content);
    UploadSession session = registry.startUpload(REPOSITORY);
    registry.commitUpload(REPOSITORY, session.id(), chunk(content), sha512);

    assertThat(pushes.pull(REPOSITORY, sha512)).isEqualTo(content);
    assertThat(pushes.pull(REPOSITORY, sha256(content))).isEqualTo(content);

    registry.deleteBlob(REPOSITORY, sha256(content));
    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.blobSize(REPOSITORY, sha512));
  }

  @Test
  void mountsFromARepositoryThatHasTheBlobAndFromAnywhere() throws IOException {
    byte[] content = bytes("shared");
    Digest digest = pushes.blob(REPOSITORY, content);
    Digest unknown = sha256(bytes("nowhere"));

    assertThat(registry.mountBlob(OTHER, Optional.of(REPOSITORY), unknown)).isFalse();
    assertThat(registry.mountBlob(OTHER, Optional.empty(), unknown)).isFalse();
    assertThat(registry.mountBlob(OTHER, Optional.of(OTHER), digest)).isFalse();
    assertThat(registry.mountBlob(OTHER, Optional.of(REPOSITORY), digest)).isTrue();
    assertThat(pushes.pull(OTHER, digest)).isEqualTo(content);
    RepositoryName third = new RepositoryName("third");
    assertThat(registry.mountBlob(third, Optional.empty(), digest)).isTrue();
    assertThat(pushes.pull(third, digest)).isEqualTo(content);
  }

  @Test
  void mountsBySha512FromAnywhere() throws IOException {
    byte[] content = bytes("shared under a long name");
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, content);
    UploadSession session = registry.startUpload(REPOSITORY);
    registry.commitUpload(REPOSITORY, session.id(), chunk(content), sha512);

    assertThat(registry.mountBlob(OTHER, Optional.empty(), sha512)).isTrue();

    assertThat(pushes.pull(OTHER, sha512)).isEqualTo(content);
  }

  @Test
  void givesBackAManifestByTagAndByEachDigest() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, manifest);

    PushedManifest pushed = pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1", "v2");
    PushedManifest again =
        registry.putManifest(
            REPOSITORY,
            new ManifestPush(
                Optional.of(MediaType.OCI_MANIFEST), Optional.of(sha512), List.of(), manifest));

    assertThat(pushed.digest()).isEqualTo(sha256(manifest));
    assertThat(again.digest()).isEqualTo(sha512);
    for (var reference : List.of(new Tag("v1"), new Tag("v2"), sha256(manifest), sha512)) {
      var content = registry.getManifest(REPOSITORY, reference);
      assertThat(content.bytes()).isEqualTo(manifest);
      assertThat(content.mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    }
    assertThat(registry.getManifest(REPOSITORY, sha512).digest()).isEqualTo(sha512);
  }

  @Test
  void namesAManifestReadByTagAsItWasPushedToThatTag() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    Digest sha512 = Digests.of(Digest.Algorithm.SHA512, manifest);
    Tag tag = new Tag("long");
    registry.putManifest(
        REPOSITORY,
        new ManifestPush(
            Optional.of(MediaType.OCI_MANIFEST), Optional.of(sha512), List.of(tag), manifest));

    assertThat(registry.getManifest(REPOSITORY, tag).digest()).isEqualTo(sha512);
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "long");
    assertThat(registry.getManifest(REPOSITORY, tag).digest()).isEqualTo(sha256(manifest));
  }

  @Test
  void refusesAManifestWhoseReferencesAreNotHereAndLeavesTheTagAlone() {
    byte[] first = pushes.image(REPOSITORY, "first");
    pushes.push(REPOSITORY, first, MediaType.OCI_MANIFEST, "latest");
    byte[] broken = Pushes.manifest(bytes("no config"), bytes("no layer"), "");

    assertThatThrownBy(() -> pushes.push(REPOSITORY, broken, MediaType.OCI_MANIFEST, "latest"))
        .isInstanceOfSatisfying(
            RegistryException.class,
            e -> {
              assertThat(e.status()).isEqualTo(404);
              assertThat(e.problems()).hasSize(2);
              assertThat(e.code()).isEqualTo(ErrorCode.MANIFEST_BLOB_UNKNOWN);
            });

    assertThat(registry.getManifest(REPOSITORY, new Tag("latest")).bytes()).isEqualTo(first);
    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.getManifest(REPOSITORY, sha256(broken)));
  }

  @Test
  void takesAManifestWithMissingReferencesWhereToldTo() {
    RegistryRules sparse = new RegistryRules(true, false, false, false, url -> true, 10);
    byte[] broken = Pushes.manifest(bytes("no config"), bytes("no layer"), "");

    new Pushes(over(driver, sparse)).push(REPOSITORY, broken, MediaType.OCI_MANIFEST, "t");

    assertThat(registry.getManifest(REPOSITORY, new Tag("t")).bytes()).isEqualTo(broken);
  }

  @Test
  void needsNoLayerThatIsHadElsewhereFromAnAllowedUrl() {
    byte[] config = bytes("{}");
    pushes.blob(REPOSITORY, config);
    String foreign =
        """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[{"mediaType":"application/x","size":3,
        "digest":"%s","urls":["%s"]}]}""";
    String type = MediaType.OCI_MANIFEST.value();
    String described = Pushes.descriptor("application/json", config);
    Digest elsewhere = sha256(bytes("far"));

    pushes.push(
        REPOSITORY,
        bytes(foreign.formatted(type, described, elsewhere, "https://example.com/far")),
        MediaType.OCI_MANIFEST,
        "t");

    refused(
        ErrorCode.MANIFEST_INVALID,
        () ->
            pushes.push(
                REPOSITORY,
                bytes(foreign.formatted(type, described, elsewhere, "ftp://example.com/far")),
                MediaType.OCI_MANIFEST,
                "t"));
  }

  @Test
  void takesAnIndexOnlyWithItsChildren() {
    byte[] child = pushes.image(REPOSITORY, "child");
    byte[] index =
        bytes(
            """
            {"schemaVersion":2,"mediaType":"%s","manifests":[%s]}"""
                .formatted(
                    MediaType.OCI_INDEX, Pushes.descriptor(MediaType.OCI_MANIFEST.value(), child)));

    refused(
        ErrorCode.MANIFEST_BLOB_UNKNOWN,
        () -> pushes.push(REPOSITORY, index, MediaType.OCI_INDEX, "multi"));
    pushes.push(REPOSITORY, child, MediaType.OCI_MANIFEST);
    pushes.push(REPOSITORY, index, MediaType.OCI_INDEX, "multi");

    assertThat(registry.getManifest(REPOSITORY, new Tag("multi")).bytes()).isEqualTo(index);
  }

  @Test
  void listsTagsSortedAndPaged() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "b", "a", "C", "d");

    assertThat(registry.tags(REPOSITORY, ALL).items())
        .extracting(Tag::value)
        .containsExactly("C", "a", "b", "d");
    var page = registry.tags(REPOSITORY, new PageRequest(OptionalInt.of(2), Optional.of("C")));
    assertThat(page.items()).extracting(Tag::value).containsExactly("a", "b");
    assertThat(page.more()).isTrue();
    var rest = registry.tags(REPOSITORY, new PageRequest(OptionalInt.of(2), Optional.of("bb")));
    assertThat(rest.items()).extracting(Tag::value).containsExactly("d");
    assertThat(rest.more()).isFalse();
    refused(ErrorCode.NAME_UNKNOWN, () -> registry.tags(OTHER, ALL));
  }

  @Test
  void listsRepositoriesInOrderAndPaged() {
    for (String name : List.of("b", "a/x", "a-b", "a", "a/x/y", "c")) {
      pushes.blob(new RepositoryName(name), bytes(name));
    }

    assertThat(registry.repositories(ALL).items())
        .extracting(RepositoryName::value)
        .containsExactly("a", "a/x", "a/x/y", "a-b", "b", "c");
    var page = registry.repositories(new PageRequest(OptionalInt.of(2), Optional.of("a/x")));
    assertThat(page.items()).extracting(RepositoryName::value).containsExactly("a/x/y", "a-b");
    assertThat(page.more()).isTrue();
  }

  @Test
  void deletesAManifestWithTheTagsThatPointAtIt() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    byte[] kept = pushes.image(REPOSITORY, "kept");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1", "v2");
    pushes.push(REPOSITORY, kept, MediaType.OCI_MANIFEST, "v3");

    registry.deleteManifest(REPOSITORY, sha256(manifest));

    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.getManifest(REPOSITORY, new Tag("v1")));
    refused(
        ErrorCode.MANIFEST_UNKNOWN, () -> registry.deleteManifest(REPOSITORY, sha256(manifest)));
    assertThat(registry.tags(REPOSITORY, ALL).items()).containsExactly(new Tag("v3"));
  }

  @Test
  void deletesATagAndKeepsItsManifest() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1", "v2");

    registry.deleteTag(REPOSITORY, new Tag("v1"));

    refused(ErrorCode.MANIFEST_UNKNOWN, () -> registry.deleteTag(REPOSITORY, new Tag("v1")));
    assertThat(registry.getManifest(REPOSITORY, new Tag("v2")).bytes()).isEqualTo(manifest);
  }

  @Test
  void deletesABlobOnlyWhenNoManifestHereNeedsIt() {
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1");
    Digest layer = sha256(bytes("layer of a"));

    refused(ErrorCode.UNSUPPORTED, () -> registry.deleteBlob(REPOSITORY, layer));
    registry.deleteManifest(REPOSITORY, sha256(manifest));
    registry.deleteBlob(REPOSITORY, layer);

    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.blobSize(REPOSITORY, layer));
    refused(ErrorCode.BLOB_UNKNOWN, () -> registry.deleteBlob(REPOSITORY, layer));
  }

  @Test
  void deletesNothingWhenDeletionIsOff() {
    RegistryRules off = new RegistryRules(false, false, true, false, url -> true, 10);
    byte[] manifest = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, manifest, MediaType.OCI_MANIFEST, "v1");
    Registry closed = over(driver, off);

    refused(ErrorCode.UNSUPPORTED, () -> closed.deleteTag(REPOSITORY, new Tag("v1")));
    refused(ErrorCode.UNSUPPORTED, () -> closed.deleteManifest(REPOSITORY, sha256(manifest)));
    refused(
        ErrorCode.UNSUPPORTED, () -> closed.deleteBlob(REPOSITORY, sha256(bytes("layer of a"))));

    assertThat(registry.getManifest(REPOSITORY, new Tag("v1")).bytes()).isEqualTo(manifest);
  }

  @Test
  void findsReferrersOfASubjectUntilTheyAreDeleted() {
    byte[] image = pushes.image(REPOSITORY, "a");
    pushes.push(REPOSITORY, image, MediaType.OCI_MANIFEST, "v1");
    byte[] config = bytes("{}");
    byte[] layer = bytes("signature");
    pushes.blob(REPOSITORY, config);
    pushes.blob(REPOSITORY, layer);
    String subject = Pushes.descriptor(MediaType.OCI_MANIFEST.value(), image);
    byte[] signature =
        Pushes.manifest(
            config,
            layer,
            ",\"artifactType\":\"application/sig\",\"annotations\":{\"k\":\"v\"},\"subject\":"
                + subject);

    PushedManifest pushed = pushes.push(REPOSITORY, signature, MediaType.OCI_MANIFEST);

    assertThat(pushed.subject()).contains(sha256(image));
    assertThat(registry.referrers(REPOSITORY, sha256(image)))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.digest()).isEqualTo(sha256(signature));
              assertThat(found.artifactType()).contains("application/sig");
              assertThat(found.annotations()).containsEntry("k", "v");
              assertThat(found.size()).isEqualTo(signature.length);
            });
    registry.deleteManifest(REPOSITORY, sha256(signature));
    assertThat(registry.referrers(REPOSITORY, sha256(image))).isEmpty();
  }

  @Test
  void findsReferrersThatAClientNotedUnderTheFallbackTag() {
    byte[] image = pushes.image(REPOSITORY, "a");
    byte[] noted = pushes.image(REPOSITORY, "noted");
    pushes.push(REPOSITORY, noted, MediaType.OCI_MANIFEST);
    byte[] index =
        bytes(
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(
                    MediaType.OCI_INDEX, Pushes.descriptor(MediaType.OCI_MANIFEST.value(), noted)));
    pushes.push(REPOSITORY, index, MediaType.OCI_INDEX, "sha256-" + sha256(image).hex());

    assertThat(registry.referrers(REPOSITORY, sha256(image)))
        .singleElement()
        .satisfies(found -> assertThat(found.digest()).isEqualTo(sha256(noted)));
  }
}
