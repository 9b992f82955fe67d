package dev.berth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every driver does with whole files, seen by one caller.
abstract class FilesContract extends DriverFixture {
  @Test
  void statTellsSizeOfFile() {
    put("a/b", "hello");

    FileInfo info = driver.stat(path("a/b")).orElseThrow();

    assertThat(info.folder()).isFalse();
    assertThat(info.size()).isEqualTo(5);
  }

  @Test
  void statTellsTimeOfWrite() {
    put("a/b", "hello");

    Instant modified = driver.stat(path("a/b")).orElseThrow().modified();

    assertThat(Duration.between(modified, Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void statTellsFolderWithoutSize() {
    put("a/b/c", "hello");

    FileInfo info = driver.stat(path("a/b")).orElseThrow();

    assertThat(info.folder()).isTrue();
    assertThat(info.size()).isZero();
  }

  @Test
  void statOfMissingPathIsEmpty() {
    assertThat(driver.stat(path("a/b"))).isEmpty();
  }

  @Test
  void statBelowFileIsEmpty() {
    put("a", "hello");

    assertThat(driver.stat(path("a/b"))).isEmpty();
  }

  @Test
  void nothingIsFoundUnderNameLongerThanFilesMayHave() {
    String tooLong = "n".repeat(256);

    assertThat(driver.stat(path(tooLong))).isEmpty();
    assertThat(driver.read(path(tooLong), MOST)).isEmpty();
    assertThat(driver.open(path(tooLong))).isEmpty();
    assertThat(driver.list(path(tooLong))).isEmpty();
    assertThat(driver.append(path(tooLong))).isInstanceOf(StorageDriver.Appending.Missing.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 71, 511, 512, 513, 65_535, 65_536, 65_537, 300_000, MOST})
  void readGivesTheBytesThatWerePut(int length) {
    driver.put(path("a/b"), pattern(length));

    assertThat(driver.read(path("a/b"), MOST)).get().isEqualTo(pattern(length));
  }

  @Test
  void readOfMissingFileIsEmpty() {
    assertThat(driver.read(path("a/b"), MOST)).isEmpty();
  }

  @Test
  void readOfFolderIsEmpty() {
    put("a/b", "hello");

    assertThat(driver.read(path("a"), MOST)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 600, 100_000})
  void readTakesFileAsLongAsTheLimit(int length) {
    driver.put(path("a"), pattern(length));

    assertThat(driver.read(path("a"), length)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 600, 100_000})
  void readRefusesFileLongerThanTheLimit(int length) {
    driver.put(path("a"), pattern(length));

    assertThatThrownBy(() -> driver.read(path("a"), length - 1))
        .isInstanceOf(StorageException.Broken.class)
        .hasMessageContaining("a")
        .hasMessageContaining(length + " bytes");
  }

  @Test
  void openFileTellsItsSize() {
    put("a", "hello");

    try (StorageReader reader = driver.open(path("a")).orElseThrow()) {
      assertThat(reader.size()).isEqualTo(5);
    }
  }

  @Test
  void openFileIsReadFromAnyPosition() throws IOException {
    driver.put(path("a"), pattern(200_000));
    var part = ByteBuffer.allocate(1000);

    try (StorageReader reader = driver.open(path("a")).orElseThrow()) {
      while (part.hasRemaining()) {
        assertThat(reader.read(part, 65_000L + part.position())).isPositive();
      }
    }

    assertThat(part.array()).isEqualTo(Arrays.copyOfRange(pattern(200_000), 65_000, 66_000));
  }

  @Test
  void readingStopsAtTheEnd() throws IOException {
    put("a", "hello");
    var target = ByteBuffer.allocate(10);

    try (StorageReader reader = driver.open(path("a")).orElseThrow()) {
      assertThat(reader.read(target, 3)).isEqualTo(2);
      assertThat(reader.read(target, 5)).isEqualTo(-1);
      assertThat(reader.read(target, 50)).isEqualTo(-1);
    }
  }

  @Test
  void openOfMissingFileIsEmpty() {
    assertThat(driver.open(path("a/b"))).isEmpty();
  }

  @Test
  void openOfFolderIsEmpty() {
    put("a/b", "hello");

    assertThat(driver.open(path("a"))).isEmpty();
  }

  @Test
  void readerKeepsReadingAfterDelete() throws IOException {
    put("a/b", "hello");

    try (StorageReader reader = driver.open(path("a/b")).orElseThrow()) {
      driver.delete(path("a/b"));

      assertReads(reader, "hello");
    }
  }

  @Test
  void readerKeepsReadingAfterDeleteTree() throws IOException {
    put("a/b", "hello");

    try (StorageReader reader = driver.open(path("a/b")).orElseThrow()) {
      driver.deleteTree(path("a"));

      assertReads(reader, "hello");
    }
  }

  @Test
  void readerKeepsOldBytesAfterReplacement() throws IOException {
    put("a/b", "hello");

    try (StorageReader reader = driver.open(path("a/b")).orElseThrow()) {
      put("a/b", "other");

      assertReads(reader, "hello");
    }
  }

  @Test
  void closingReaderTwiceIsHarmless() {
    put("a", "hello");
    StorageReader reader = driver.open(path("a")).orElseThrow();

    reader.close();
    reader.close();

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void putReplaces() {
    put("a", "a long text");
    put("a", "short");

    assertThat(text("a")).isEqualTo("short");
  }

  @Test
  void putKeepsItsOwnCopy() {
    byte[] content = bytes("hello");
    driver.put(path("a"), content);

    content[0] = 'j';

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void readGivesACopy() {
    put("a", "hello");

    driver.read(path("a"), MOST).orElseThrow()[0] = 'j';

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void putOnFolderIsRefusedAndLeavesIt() {
    put("a/b", "hello");

    assertThatThrownBy(() -> put("a", "x")).isInstanceOf(StorageException.Broken.class);

    assertThat(text("a/b")).isEqualTo("hello");
    assertThat(names("a")).containsExactly("b");
  }

  @Test
  void putBelowFileIsRefusedAndLeavesIt() {
    put("a", "hello");

    assertThatThrownBy(() -> put("a/b/c", "x"))
        .isInstanceOf(StorageException.Broken.class)
        .hasMessageContaining("a file stands where a folder belongs");

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void createMakesTheFile() {
    assertThat(driver.create(path("a/b"), bytes("hello"))).isTrue();

    assertThat(text("a/b")).isEqualTo("hello");
    assertThat(names("a")).containsExactly("b");
  }

  @Test
  void createLeavesWhatIsThere() {
    put("a", "hello");

    assertThat(driver.create(path("a"), bytes("other"))).isFalse();

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void createLeavesFolder() {
    put("a/b", "hello");

    assertThat(driver.create(path("a"), bytes("other"))).isFalse();

    assertThat(text("a/b")).isEqualTo("hello");
  }

  @Test
  void createWorksAgainAfterDelete() {
    put("a", "hello");
    driver.delete(path("a"));

    assertThat(driver.create(path("a"), bytes("other"))).isTrue();
  }

  @Test
  void putVolatileCreatesAndReplaces() {
    driver.putVolatile(path("a/b"), bytes("one"));
    driver.putVolatile(path("a/b"), bytes("two"));

    assertThat(text("a/b")).isEqualTo("two");
  }

  @Test
  void putVolatileMakesEmptyFile() {
    driver.putVolatile(path("a/b"), new byte[0]);

    assertThat(driver.stat(path("a/b")).orElseThrow().size()).isZero();
  }

  @Test
  void moveTakesContentAlong() {
    put("a/b", "hello");

    assertThat(driver.move(path("a/b"), path("c/d/e"))).isTrue();

    assertThat(text("c/d/e")).isEqualTo("hello");
    assertMissing("a/b");
  }

  @Test
  void moveReplaces() {
    put("a", "new");
    put("b", "old and longer");

    assertThat(driver.move(path("a"), path("b"))).isTrue();

    assertThat(text("b")).isEqualTo("new");
    assertMissing("a");
  }

  @Test
  void moveWithinFolderWorks() {
    put("f/a", "hello");

    assertThat(driver.move(path("f/a"), path("f/b"))).isTrue();

    assertThat(names("f")).containsExactly("b");
  }

  @Test
  void moveOntoItselfChangesNothing() {
    put("a", "hello");

    assertThat(driver.move(path("a"), path("a"))).isTrue();

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void moveOfMissingFileIsFalseAndLeavesTarget() {
    put("b", "old");

    assertThat(driver.move(path("a"), path("b"))).isFalse();
    assertThat(driver.move(path("a"), path("new/folder"))).isFalse();

    assertThat(text("b")).isEqualTo("old");
  }

  @Test
  void moveOntoFolderIsRefusedAndLeavesBoth() {
    put("a", "hello");
    put("f/b", "other");

    assertThatThrownBy(() -> driver.move(path("a"), path("f")))
        .isInstanceOf(StorageException.Broken.class);

    assertThat(text("a")).isEqualTo("hello");
    assertThat(text("f/b")).isEqualTo("other");
  }

  @Test
  void deleteRemovesFile() {
    put("f/a", "hello");
    put("f/b", "hello");

    assertThat(driver.delete(path("f/a"))).isTrue();

    assertMissing("f/a");
    assertThat(names("f")).containsExactly("b");
  }

  @Test
  void deleteOfMissingFileIsFalse() {
    put("f/a", "hello");

    assertThat(driver.delete(path("x"))).isFalse();
    assertThat(driver.delete(path("x/y"))).isFalse();
    assertThat(driver.delete(path("f/a/y"))).isFalse();
  }

  @Test
  void deleteLeavesFolderEvenIfEmpty() {
    put("f/a", "hello");
    driver.delete(path("f/a"));

    assertThat(driver.delete(path("f"))).isFalse();

    assertThat(names("f")).isEmpty();
  }

  @Test
  void deleteTreeRemovesAllBelow() {
    put("f/a", "hello");
    put("f/g/h/b", "hello");
    put("keep/a", "hello");

    assertThat(driver.deleteTree(path("f"))).isTrue();

    assertMissing("f");
    assertMissing("f/g/h/b");
    assertThat(text("keep/a")).isEqualTo("hello");
  }

  @Test
  void deleteTreeOfMissingFolderIsFalse() {
    assertThat(driver.deleteTree(path("f"))).isFalse();
  }

  @Test
  void deleteTreeLeavesFile() {
    put("f/a", "hello");

    assertThat(driver.deleteTree(path("f/a"))).isFalse();

    assertThat(text("f/a")).isEqualTo("hello");
  }

  @Test
  void listGivesFilesAndFoldersOfOneLevel() {
    put("f/a", "hello");
    put("f/b/c", "hello");
    put("f/b/d/e", "hello");

    assertThat(names("f")).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void listOfMissingFolderIsEmptyAnswer() {
    assertThat(driver.list(path("f"))).isEmpty();
  }

  @Test
  void listOfFileIsEmptyAnswer() {
    put("f/a", "hello");

    assertThat(driver.list(path("f/a"))).isEmpty();
    assertThat(driver.list(path("f/a/b"))).isEmpty();
  }

  @Test
  void listHidesTemporaryNamesOnly() {
    put("f/.x1.tmp", "half");
    put("f/v1.tmp", "a tag may be called so");
    put("f/.x1", "hello");

    assertThat(names("f")).containsExactlyInAnyOrder("v1.tmp", ".x1");
  }

  @Test
  void listGivesTenThousandNames() {
    for (int i = 0; i < 10_000; i++) {
      driver.putVolatile(path("f/v1." + i), new byte[0]);
    }

    assertThat(names("f")).hasSize(10_000).doesNotHaveDuplicates().contains("v1.0", "v1.9999");
  }

  @Test
  void syncTellsWhetherTheFileIsThere() {
    put("f/a", "hello");

    assertThat(driver.sync(path("f/a"))).isTrue();
    assertThat(driver.sync(path("f"))).isFalse();
    assertThat(driver.sync(path("f/b"))).isFalse();
    assertThat(driver.sync(path("g/b"))).isFalse();
  }

  @Test
  void touchNeverFailsAndNeverChangesContent() {
    put("f/a", "hello");
    Instant before = driver.stat(path("f/a")).orElseThrow().modified();

    driver.touch(path("f/a"));
    driver.touch(path("f/missing"));

    // Stores may keep whole milliseconds.
    Instant after = driver.stat(path("f/a")).orElseThrow().modified();
    assertThat(after).isAfterOrEqualTo(before.minusMillis(1));
    assertThat(text("f/a")).isEqualTo("hello");
    assertMissing("f/missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "...", "..a", "-rf", "a=b+c", "%2e%2e", "~", "*", "a\\b", "\n"})
  void namesAreTakenAsTheyAre(String name) {
    put("f/" + name, "hello");

    assertThat(names("f")).containsExactly(name);
    assertThat(text("f/" + name)).isEqualTo("hello");
    assertThat(driver.delete(path("f/" + name))).isTrue();
  }

  @Test
  void namesOf255BytesWork() {
    String longest = "n".repeat(255);

    put(longest + "/" + longest, "hello");
    assertThat(driver.create(path(longest + "/" + "m".repeat(255)), bytes("x"))).isTrue();
    append(longest + "/" + longest, " world");

    assertThat(text(longest + "/" + longest)).isEqualTo("hello world");
  }

  @Test
  void twentyLevelsWork() {
    String deep = String.join("/", Collections.nCopies(20, "level"));

    put(deep + "/file", "hello");
    driver.move(path(deep + "/file"), path("other/" + deep));

    assertThat(text("other/" + deep)).isEqualTo("hello");
    assertThat(driver.deleteTree(path("level"))).isTrue();
  }

  @Test
  void contentIsThereAfterReopening() {
    put("a/b", "hello");

    reopen();

    assertThat(text("a/b")).isEqualTo("hello");
  }

  @Test
  void spaceIsNeverMoreThanTheWhole() {
    Space space = driver.space();

    assertThat(space.usable()).isPositive().isLessThanOrEqualTo(space.total());
  }

  private static void assertReads(StorageReader reader, String content) throws IOException {
    var target = ByteBuffer.allocate(content.length());
    assertThat(reader.read(target, 0)).isEqualTo(content.length());
    assertThat(target.array()).isEqualTo(bytes(content));
  }
}
