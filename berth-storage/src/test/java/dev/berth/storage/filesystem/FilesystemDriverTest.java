package dev.berth.storage.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import dev.berth.storage.filesystem.WatchedDisk.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What only this driver does: modes, errors of the operating system, a device that is not to be
/// trusted.
final class FilesystemDriverTest {
  private static final StoragePath PATH = new StoragePath("f/a");

  @TempDir Path folder;
  private final WatchedDisk disk = new WatchedDisk();

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private Path root;

  @SuppressWarnings("NullAway.Init")
  private FilesystemDriver driver;

  @BeforeEach
  void openStore() {
    root = folder.resolve("store");
    driver = Opening.open(disk, root, SyncMode.FULL);
  }

  @AfterEach
  void closeStore() {
    driver.close();
  }

  @Test
  void aFolderTimeMovesThoughSomebodySetsItBack() throws IOException {
    StoragePath parent = new StoragePath("f");
    driver.put(PATH, new byte[1]);
    FileTime before = Files.getLastModifiedTime(root.resolve("f"));
    Instant seen = driver.stat(parent).orElseThrow().modified();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    driver.put(new StoragePath("f/b"), new byte[1]);
    Files.setLastModifiedTime(root.resolve("f"), before);

    assertThat(driver.stat(parent).orElseThrow().modified()).isAfter(seen);
  }

  @Test
  void filesAndFoldersHaveTheModesThatTheUmaskLeaves() throws IOException {
    Path plainFolder = Files.createDirectory(folder.resolve("plain"));
    Path plainFile = Files.writeString(folder.resolve("file"), "x");

    driver.put(PATH, new byte[1]);
    driver.create(new StoragePath("f/b"), new byte[1]);
    driver.putVolatile(new StoragePath("f/c"), new byte[1]);

    assertThat(mode("f")).isEqualTo(modeOf(plainFolder));
    assertThat(List.of(mode("f/a"), mode("f/b"), mode("f/c"))).containsOnly(modeOf(plainFile));
  }

  @Test
  void privateFileIsClosedToOthers() throws IOException {
    driver.createPrivate(PATH, new byte[1]);

    assertThat(mode("f/a")).startsWith("rw-").endsWith("---").doesNotContain("x");
  }

  @Test
  void filesOfOthersAreSeenAsTheyAre() throws IOException {
    Files.createDirectories(root.resolve("g"));
    Files.writeString(root.resolve("g/link"), "sha256:abc");

    assertThat(driver.read(new StoragePath("g/link"), 100))
        .get()
        .isEqualTo("sha256:abc".getBytes(UTF_8));
  }

  @Test
  void nothingIsLeftBesideWhatWasAskedFor() throws IOException {
    driver.put(PATH, new byte[1]);
    driver.put(PATH, new byte[2]);
    driver.create(PATH, new byte[1]);
    driver.create(new StoragePath("f/b"), new byte[1]);
    driver.putVolatile(new StoragePath("f/c"), new byte[1]);

    assertThat(filesIn("f")).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(filesIn("")).containsExactlyInAnyOrder("f", "berth");
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device, OutOfSpace, full",
    "Disk quota exceeded, OutOfSpace, full",
    "Read-only file system, Forbidden, Read-only file system",
    "Operation not permitted, Forbidden, right to write",
    "Too many open files, Unavailable, Too many open files",
    "Too many open files in system, Unavailable, Too many open files",
    "Stale file handle, Unavailable, Stale file handle",
    "Input/output error, Broken, Input/output error"
  })
  void systemErrorsBecomeStorageExceptions(String error, String kind, String says) {
    for (Step step : List.of(Step.CREATE, Step.WRITE, Step.RENAME_TO)) {
      failOn(step, error);

      assertThatThrownBy(() -> driver.put(PATH, new byte[1]))
          .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind))
          .hasMessageContaining(root.resolve("f/a").toString())
          .hasMessageContaining(says);
    }
  }

  @Test
  void missingRightsAreForbidden() {
    disk.hook(
        (step, path) -> {
          if (step == Step.OPEN) {
            throw new AccessDeniedException(path.toString());
          }
        });

    assertThatThrownBy(() -> driver.read(PATH, 10))
        .isInstanceOf(StorageException.Forbidden.class)
        .hasMessageContaining("permission denied");
  }

  @ParameterizedTest
  @CsvSource({"WRITE", "FORCE", "RENAME_TO"})
  void failedPutLeavesTheOldFileAndNoTemporary(Step step) throws IOException {
    driver.put(PATH, "old".getBytes(UTF_8));
    failOn(step, "No space left on device");

    assertThatThrownBy(() -> driver.put(PATH, "new".getBytes(UTF_8)))
        .isInstanceOf(StorageException.OutOfSpace.class);

    assertThat(filesIn("f")).containsExactly("a");
    assertThat(Files.readString(root.resolve("f/a"))).isEqualTo("old");
  }

  @ParameterizedTest
  @CsvSource({"WRITE", "FORCE", "LINK"})
  void failedCreateLeavesNothing(Step step) throws IOException {
    Files.createDirectory(root.resolve("f"));
    failOn(step, "No space left on device");

    assertThatThrownBy(() -> driver.create(PATH, new byte[1]))
        .isInstanceOf(StorageException.OutOfSpace.class);

    assertThat(filesIn("f")).isEmpty();
  }

  @Test
  void createWithoutHardLinksStillHasOneWinner() throws IOException {
    failOn(Step.LINK, "Operation not permitted");

    assertThat(driver.create(PATH, "one".getBytes(UTF_8))).isTrue();
    assertThat(driver.create(PATH, "two".getBytes(UTF_8))).isFalse();

    assertThat(filesIn("f")).containsExactly("a");
    assertThat(Files.readString(root.resolve("f/a"))).isEqualTo("one");
  }

  @Test
  void failedListIsNeverAShorterOne() {
    driver.put(PATH, new byte[1]);
    failOn(Step.LIST, "Input/output error");

    assertThatThrownBy(() -> driver.list(new StoragePath("f")))
        .isInstanceOf(StorageException.Broken.class);
  }

  @Test
  void staleHandleIsOpenedOnceMore() {
    driver.put(PATH, new byte[1]);
    failTimes(Step.OPEN, "Stale file handle", 1);

    assertThat(driver.read(PATH, 10)).isPresent();
  }

  @Test
  void staleHandleTwiceIsUnavailable() {
    driver.put(PATH, new byte[1]);
    failTimes(Step.OPEN, "Stale file handle", 2);

    assertThatThrownBy(() -> driver.read(PATH, 10))
        .isInstanceOf(StorageException.Unavailable.class)
        .satisfies(e -> assertThat(((StorageException) e).retryHelps()).isTrue());
  }

  @Test
  void failedSyncIsNotTriedAgain() {
    var syncs = new AtomicInteger();
    disk.hook(
        (step, path) -> {
          if (step == Step.FORCE) {
            syncs.incrementAndGet();
            throw new IOException("Input/output error");
          }
        });

    assertThatThrownBy(() -> driver.put(PATH, new byte[1]))
        .isInstanceOf(StorageException.Broken.class)
        .hasMessageContaining("cannot sync");

    assertThat(syncs).hasValue(1);
  }

  @Test
  void folderWhoseSyncFailedTakesNoMoreWrites() {
    driver.put(PATH, new byte[1]);
    disk.hook(
        (step, path) -> {
          if (step == Step.FORCE && path.endsWith("f")) {
            throw new IOException("Input/output error");
          }
        });
    assertThatThrownBy(() -> driver.put(PATH, new byte[2]))
        .isInstanceOf(StorageException.Broken.class);
    disk.hook((step, path) -> {});

    assertThatThrownBy(() -> driver.put(PATH, new byte[3]))
        .isInstanceOf(StorageException.Broken.class)
        .hasMessageContaining("earlier sync");
    assertThatCode(() -> driver.put(new StoragePath("g/a"), new byte[3]))
        .doesNotThrowAnyException();
  }

  @Test
  void writesStopAfterThreeFailedSyncs() {
    driver.put(PATH, "old".getBytes(UTF_8));
    failOn(Step.FORCE, "Input/output error");
    for (int i = 0; i < Durability.SUSPECT_AFTER; i++) {
      StoragePath path = new StoragePath("g" + i + "/a");
      assertThatThrownBy(() -> driver.put(path, new byte[1]))
          .isInstanceOf(StorageException.Broken.class);
    }
    disk.hook((step, path) -> {});

    for (Runnable write : everyWrite()) {
      assertThatThrownBy(write::run)
          .isInstanceOf(StorageException.Forbidden.class)
          .hasMessageContaining("failed to sync 3 times");
    }
    assertThat(driver.read(PATH, 10)).get().isEqualTo("old".getBytes(UTF_8));
  }

  @Test
  void fullDiskIsNoReasonToDistrustIt() {
    failOn(Step.FORCE, "No space left on device");
    for (int i = 0; i < 2 * Durability.SUSPECT_AFTER; i++) {
      StoragePath path = new StoragePath("g" + i + "/a");
      assertThatThrownBy(() -> driver.put(path, new byte[1]))
          .isInstanceOf(StorageException.OutOfSpace.class);
    }
    disk.hook((step, path) -> {});

    driver.put(PATH, new byte[1]);

    assertThat(driver.stat(PATH)).isPresent();
  }

  private List<Runnable> everyWrite() {
    var other = new StoragePath("h/b");
    return List.of(
        () -> driver.put(other, new byte[1]),
        () -> driver.create(other, new byte[1]),
        () -> driver.putVolatile(other, new byte[1]),
        () -> driver.append(PATH),
        () -> driver.move(PATH, other),
        () -> driver.delete(PATH),
        () -> driver.deleteTree(new StoragePath("f")),
        () -> driver.sync(PATH));
  }

  @Test
  void writerKeepsWhatWasWrittenBeforeAnError() throws IOException {
    driver.put(PATH, "old".getBytes(UTF_8));

    try (StorageWriter writer = writer()) {
      writer.write(ByteBuffer.wrap("+1".getBytes(UTF_8)));
      failOn(Step.WRITE, "No space left on device");
      assertThatThrownBy(() -> writer.write(ByteBuffer.wrap("+2".getBytes(UTF_8))))
          .isInstanceOf(StorageException.OutOfSpace.class);
      disk.hook((step, path) -> {});

      assertThat(writer.size()).isEqualTo(5);
      writer.write(ByteBuffer.wrap("+3".getBytes(UTF_8)));
    }
    assertThat(Files.readString(root.resolve("f/a"))).isEqualTo("old+1+3");
  }

  @Test
  void writeThatBreaksOffTellsHowFarItCame() throws IOException {
    driver.put(PATH, new byte[0]);
    var slices = new AtomicInteger();
    disk.hook(
        (step, path) -> {
          if (step == Step.WRITE && slices.incrementAndGet() == 2) {
            throw new IOException("No space left on device");
          }
        });
    ByteBuffer source = ByteBuffer.allocate(600_000);

    try (StorageWriter writer = writer()) {
      assertThatThrownBy(() -> writer.write(source))
          .isInstanceOf(StorageException.OutOfSpace.class);

      assertThat(writer.size()).isEqualTo(source.position()).isPositive();
      assertThat(Files.size(root.resolve("f/a"))).isEqualTo(writer.size());
    }
  }

  @Test
  void writerWithFailedSyncWritesNoMore() {
    driver.put(PATH, new byte[0]);

    try (StorageWriter writer = writer()) {
      failOn(Step.FORCE, "Input/output error");
      assertThatThrownBy(writer::sync).isInstanceOf(StorageException.Broken.class);
      disk.hook((step, path) -> {});

      assertThatThrownBy(writer::sync).hasMessageContaining("earlier sync");
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
          .hasMessageContaining("earlier sync");
    }
    assertThat(driver.append(PATH)).isInstanceOf(StorageDriver.Appending.Open.class);
  }

  @Test
  void failedAppendFreesTheFile() {
    driver.put(PATH, new byte[0]);
    failOn(Step.OPEN, "Too many open files");
    assertThatThrownBy(() -> driver.append(PATH)).isInstanceOf(StorageException.Unavailable.class);
    disk.hook((step, path) -> {});

    try (StorageWriter writer = writer()) {
      assertThat(writer.size()).isZero();
    }
  }

  @Test
  void secondDriverOfTheSameProcessSeesTheWriterToo() {
    driver.put(PATH, new byte[0]);

    try (StorageWriter writer = writer();
        FilesystemDriver second = FilesystemDriver.open(root)) {
      assertThat(second.append(PATH)).isInstanceOf(StorageDriver.Appending.Busy.class);
      assertThat(writer.size()).isZero();
    }
  }

  @Test
  void deleteTreeDoesNotFollowLinks() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "keep");
    driver.put(PATH, new byte[1]);
    Files.createSymbolicLink(root.resolve("f/way-out"), outside);

    driver.deleteTree(new StoragePath("f"));

    assertThat(outside.resolve("precious")).exists();
    assertThat(root.resolve("f")).doesNotExist();
  }

  @Test
  void vanishedRootIsNotMadeAgain() throws IOException {
    driver.deleteTree(new StoragePath("berth"));
    Files.delete(root);

    assertThatThrownBy(() -> driver.put(PATH, new byte[1]))
        .isInstanceOf(StorageException.Broken.class)
        .hasMessageContaining("unmounted");

    assertThat(root).doesNotExist();
  }

  private StorageWriter writer() {
    return ((StorageDriver.Appending.Open) driver.append(PATH)).writer();
  }

  private void failOn(Step failing, String error) {
    failTimes(failing, error, Integer.MAX_VALUE);
  }

  private void failTimes(Step failing, String error, int times) {
    var left = new AtomicInteger(times);
    disk.hook(
        (step, path) -> {
          if (step == failing && left.getAndDecrement() > 0) {
            throw new IOException(error);
          }
        });
  }

  private String mode(String path) throws IOException {
    return modeOf(root.resolve(path));
  }

  private static String modeOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private List<String> filesIn(String path) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(path))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
