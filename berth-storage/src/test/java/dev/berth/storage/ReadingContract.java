package dev.berth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every driver does for those who look: nothing here changes what is there.
abstract class ReadingContract extends DriverFixture {
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
  void listGivesFilesAndFoldersOfOneLevel() {
    put("f/a", "hello");
    put("f/b/c", "hello");
    put("f/b/d/e", "hello");

    assertThat(names("f")).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void listOfMissingFolderIsEmptyAnswer() {
    assertThat(driver.list(path("f"))).isEmpty();
    assertThat(driver.visit(path("f"), name -> {})).isFalse();
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

  private static void assertReads(StorageReader reader, String content) throws IOException {
    var target = ByteBuffer.allocate(content.length());
    assertThat(reader.read(target, 0)).isEqualTo(content.length());
    assertThat(target.array()).isEqualTo(bytes(content));
  }
}
