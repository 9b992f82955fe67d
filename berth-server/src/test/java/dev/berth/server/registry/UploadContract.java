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
import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
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
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every registry must do with blobs and uploads; the rest is [RegistryContract].
abstract class UploadContract {
  static final RepositoryName REPOSITORY = new RepositoryName("team/app");
  static final RepositoryName OTHER = new RepositoryName("team/app/other");

  static final RegistryRules RULES =
      new RegistryRules(
          true, false, true, false, url -> url.startsWith("https://"), 10, _ -> Optional.empty());

  StorageDriver driver;
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
    refused(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> registry.getUpload(REPOSITORY, session.id()));
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

    assertThat(registry.getUpload(REPOSITORY, session.id()).size()).isEqualTo(5);
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
        () -> registry.getUpload(REPOSITORY, new UploadId("never-begun")));
  }

  @Test
  void boundsTheUploadsThatAreOpen() {
    UploadSession last = registry.startUpload(REPOSITORY);
    for (int i = 1; i < RULES.maxOpenUploads(); i++) {
      last = registry.startUpload(REPOSITORY);
    }
    UploadId open = last.id();

    refused(ErrorCode.TOOMANYREQUESTS, () -> registry.startUpload(REPOSITORY));
    refused(ErrorCode.BLOB_UPLOAD_UNKNOWN, () -> registry.cancelUpload(OTHER, open));
    refused(ErrorCode.TOOMANYREQUESTS, () -> registry.startUpload(REPOSITORY));
    registry.cancelUpload(REPOSITORY, open);
    registry.startUpload(REPOSITORY);
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
}
