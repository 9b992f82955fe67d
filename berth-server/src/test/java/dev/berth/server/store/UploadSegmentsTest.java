package dev.berth.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.BodySource;
import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.UploadId;
import dev.berth.server.store.UploadStore.Taking;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.filesystem.FilesystemDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Uploads that several processes write to in turn. Each [UploadStore] here is a process: what it
/// knows of its own files is all that it does not share.
class UploadSegmentsTest {
  private static final RepositoryName REPOSITORY = new RepositoryName("a/b");
  private static final OptionalLong ANYWHERE = OptionalLong.empty();

  @TempDir private Path folder;

  private final Random random = new Random(7);
  private StorageDriver driver;
  private UploadStore first;
  private UploadStore second;
  private UploadId id;

  @BeforeEach
  void open() {
    driver = FilesystemDriver.open(folder);
    first = process();
    second = process();
    id = first.start(REPOSITORY).id();
  }

  @AfterEach
  void close() {
    driver.close();
  }

  private UploadStore process() {
    return new UploadStore(driver, Clock.systemUTC(), random);
  }

  private static BodySource body(byte[] bytes) {
    List<ByteBuffer> pieces = new ArrayList<>(List.of(ByteBuffer.wrap(bytes)));
    return () -> pieces.isEmpty() ? null : pieces.removeFirst();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private OpenUpload taken(UploadStore process, OptionalLong start) {
    Taking taking = process.take(REPOSITORY, id, start);
    assertThat(taking).isInstanceOf(Taking.Taken.class);
    return ((Taking.Taken) taking).upload();
  }

  private void add(UploadStore process, String text) throws IOException {
    try (OpenUpload upload = taken(process, ANYWHERE)) {
      upload.append(body(bytes(text)));
      upload.keep();
    }
  }

  private String committed(UploadStore process) {
    try (OpenUpload upload = ((Taking.Taken) process.takeWhole(REPOSITORY, id)).upload()) {
      assertThat(upload.seal()).isTrue();
      byte[] content = driver.read(upload.data(), 1 << 20).orElseThrow();
      assertThat(upload.digest(Digest.Algorithm.SHA256))
          .isEqualTo(
              Digest.of(
                  Digest.Algorithm.SHA256,
                  Digests.newDigest(Digest.Algorithm.SHA256).digest(content)));
      return new String(content, java.nio.charset.StandardCharsets.US_ASCII);
    }
  }

  private List<String> files() {
    return driver.list(StoreLayout.upload(REPOSITORY, id)).orElseThrow().stream()
        .filter(name -> StoreLayout.segmentStart(name) >= 0)
        .sorted()
        .toList();
  }

  @Test
  void oneProcessWritesOneFile() throws IOException {
    add(first, "hello");
    add(first, " world");

    assertThat(files()).containsExactly("data");
    assertThat(committed(first)).isEqualTo("hello world");
  }

  @Test
  void anotherProcessCommitsWhatTheFirstWroteWithoutCopyingIt() throws IOException {
    add(first, "hello world");

    try (OpenUpload upload = ((Taking.Taken) second.takeWhole(REPOSITORY, id)).upload()) {
      assertThat(upload.seal()).isTrue();
      assertThat(upload.data()).isEqualTo(StoreLayout.uploadData(REPOSITORY, id));
    }
    assertThat(committed(second)).isEqualTo("hello world");
  }

  /// The hash of what one wrote is not believed of what the other did, though it is as long.
  @Test
  void twoProcessesThatBeginAtOnceMixNeitherBytesNorHashes() throws IOException {
    try (OpenUpload early = taken(first, ANYWHERE)) {
      try (OpenUpload late = taken(second, OptionalLong.of(0))) {
        late.append(body(bytes("hello")));
        late.keep();
      }
      early.append(body(bytes("jello")));
      early.keep();
    }

    assertThat(files()).containsExactly("data", "s.0");
    assertThat(committed(first)).isEqualTo("hello");
    assertThat(committed(second)).isEqualTo("hello");
  }

  @Test
  void noProcessWritesIntoTheFileOfAnother() throws IOException {
    add(first, "hello");
    add(second, " wor");
    add(second, "ld,");
    add(first, " bye");

    assertThat(files()).containsExactly("data", "s.12", "s.5");
    assertThat(first.find(REPOSITORY, id).orElseThrow().size()).isEqualTo(16);
    assertThat(committed(second)).isEqualTo("hello world, bye");
  }

  @Test
  void aProcessThatCameBackDoesNotKnowItsOldFiles() throws IOException {
    add(first, "hello");
    first = process();
    add(first, " again");

    assertThat(files()).containsExactly("data", "s.5");
    assertThat(committed(first)).isEqualTo("hello again");
  }

  @Test
  void whoHasTheClientGoesOnWhileTheOtherStillWaitsForBytes() throws IOException {
    try (OpenUpload hung = taken(first, ANYWHERE)) {
      hung.append(body(bytes("hello")));

      // Nobody who does not know where it stands may come between.
      assertThat(second.take(REPOSITORY, id, ANYWHERE)).isInstanceOf(Taking.Busy.class);
      try (OpenUpload upload = taken(second, OptionalLong.of(5))) {
        upload.append(body(bytes(" world")));
        upload.keep();
      }
      // What still trickles in is not the upload's any more.
      hung.append(body(bytes("XXXXXXXXXXXXXXXX")));
      hung.keep();
    }

    assertThat(first.find(REPOSITORY, id).orElseThrow().size()).isEqualTo(11);
    assertThat(committed(second)).isEqualTo("hello world");
  }

  @Test
  void chunksOutOfPlaceLeaveNothingBehind() throws IOException {
    add(first, "hello");

    assertThat(second.take(REPOSITORY, id, OptionalLong.of(4))).isEqualTo(new Taking.Misplaced(5));
    assertThat(first.take(REPOSITORY, id, OptionalLong.of(6))).isEqualTo(new Taking.Misplaced(5));
    assertThat(files()).containsExactly("data");
  }

  @Test
  void aSegmentWithoutBytesIsInNobodysWay() throws IOException {
    add(first, "hello");
    taken(second, ANYWHERE).close();
    assertThat(files()).containsExactly("data", "s.5");

    UploadStore third = process();
    assertThat(committed(third)).isEqualTo("hello");
    add(third, " third");
    add(second, " second");

    assertThat(committed(first)).isEqualTo("hello third second");
  }

  @Test
  void whatIsStillBeingWrittenIsNotCommitted() throws IOException {
    add(first, "hello");
    try (OpenUpload writing = taken(second, ANYWHERE)) {
      writing.append(body(bytes(" wor")));
      try (OpenUpload upload = ((Taking.Taken) first.takeWhole(REPOSITORY, id)).upload()) {
        assertThat(upload.seal()).isFalse();
      }
    }
  }

  @Test
  void takesBackBytesOfItsOwnSegmentOnly() throws IOException {
    add(first, "hello");
    try (OpenUpload upload = taken(second, ANYWHERE)) {
      upload.append(body(bytes(" wrong")));
      upload.rollBack(5);
      assertThat(upload.size()).isEqualTo(5);
    }
    add(second, " world");

    assertThat(committed(first)).isEqualTo("hello world");
  }

  @Test
  void sessionsOfAnotherRegistryStayInOneFile() throws IOException {
    id = new UploadId("0e7a9e5c-3f0f-4d53-9d3f-0d9b9d6f7a01");
    driver.putVolatile(StoreLayout.uploadStartedAt(REPOSITORY, id), bytes("2026-01-02T03:04:05Z"));
    driver.putVolatile(StoreLayout.uploadData(REPOSITORY, id), new byte[0]);
    add(first, "hello");
    add(second, " world");

    assertThat(files()).containsExactly("data");
    assertThat(committed(first)).isEqualTo("hello world");
  }

  @Test
  void aDiscardedSessionIsNotBegunAgain() {
    assertThat(first.discard(REPOSITORY, id)).isTrue();

    assertThat(second.take(REPOSITORY, id, ANYWHERE)).isInstanceOf(Taking.Unknown.class);
    assertThat(second.find(REPOSITORY, id)).isEmpty();
  }

  /// Any number of processes, which end and come back, one client: nothing is lost or doubled.
  @Test
  void manyProcessesInTurnKeepEveryByte() throws IOException {
    for (int round = 0; round < 200; round++) {
      id = first.start(REPOSITORY).id();
      List<UploadStore> processes = new ArrayList<>(List.of(first, second, process()));
      var all = new ByteArrayOutputStream();
      for (int chunk = random.nextInt(12); chunk > 0; chunk--) {
        int at = random.nextInt(processes.size());
        if (random.nextInt(4) == 0) {
          processes.set(at, process());
        }
        byte[] bytes = new byte[random.nextInt(50)];
        random.nextBytes(bytes);
        OptionalLong start = random.nextBoolean() ? ANYWHERE : OptionalLong.of(all.size());
        try (OpenUpload upload = taken(processes.get(at), start)) {
          upload.append(body(bytes));
          if (random.nextInt(5) == 0) {
            upload.rollBack(all.size());
          } else {
            all.write(bytes);
          }
          upload.keep();
        }
        assertThat(first.find(REPOSITORY, id).orElseThrow().size()).isEqualTo(all.size());
      }
      try (OpenUpload upload =
          ((Taking.Taken) processes.get(random.nextInt(3)).takeWhole(REPOSITORY, id)).upload()) {
        assertThat(upload.seal()).isTrue();
        assertThat(driver.read(upload.data(), 1 << 20).orElseThrow()).isEqualTo(all.toByteArray());
        assertThat(upload.digest(Digest.Algorithm.SHA256))
            .isEqualTo(
                Digest.of(
                    Digest.Algorithm.SHA256,
                    Digests.newDigest(Digest.Algorithm.SHA256).digest(all.toByteArray())));
      }
    }
  }
}
