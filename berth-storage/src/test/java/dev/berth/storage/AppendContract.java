package dev.berth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every driver does with files that grow.
abstract class AppendContract extends FilesContract {
  @Test
  void appendNeedsAFile() {
    put("f/a", "hello");

    assertThat(driver.append(path("x"))).isInstanceOf(StorageDriver.Appending.Missing.class);
    assertThat(driver.append(path("x/y"))).isInstanceOf(StorageDriver.Appending.Missing.class);
    assertThat(driver.append(path("f"))).isInstanceOf(StorageDriver.Appending.Missing.class);
    assertThat(driver.append(path("f/a/b"))).isInstanceOf(StorageDriver.Appending.Missing.class);
  }

  @Test
  void missingFileIsNotBusyLater() {
    assertThat(driver.append(path("a"))).isInstanceOf(StorageDriver.Appending.Missing.class);

    put("a", "hello");
    append("a", " world");

    assertThat(text("a")).isEqualTo("hello world");
  }

  @Test
  void beginMakesAnEmptyFileForOneWriter() {
    put("f/a", "hello");

    try (StorageWriter writer = begun("f/b")) {
      assertThat(writer.size()).isZero();
      writer.write(ByteBuffer.wrap(bytes("bytes")));
      assertBusy("f/b");
      assertThat(driver.begin(path("f/b"))).isInstanceOf(StorageDriver.Appending.Busy.class);
    }

    assertThat(text("f/b")).isEqualTo("bytes");
    append("f/b", " more");
    assertThat(text("f/b")).isEqualTo("bytes more");
  }

  @Test
  void beginNeedsAFolderAndNothingAtThePath() {
    put("f/a", "hello");

    assertThat(driver.begin(path("f/a"))).isInstanceOf(StorageDriver.Appending.Busy.class);
    assertThat(driver.begin(path("f"))).isInstanceOf(StorageDriver.Appending.Busy.class);
    assertThat(driver.begin(path("x/y"))).isInstanceOf(StorageDriver.Appending.Missing.class);
    assertThat(driver.begin(path("f/a/b"))).isInstanceOf(StorageDriver.Appending.Missing.class);
    assertThat(text("f/a")).isEqualTo("hello");
    assertMissing("x");
    // Nothing is held of what could not be begun.
    append("f/a", " world");
    assertThat(text("f/a")).isEqualTo("hello world");
  }

  @Test
  void writerBeginsAtTheEnd() {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      assertThat(writer.size()).isEqualTo(5);
      writer.write(ByteBuffer.wrap(bytes(" world")));
      assertThat(writer.size()).isEqualTo(11);
    }

    assertThat(text("a")).isEqualTo("hello world");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void writerTakesExactlyWhatRemains(boolean direct) {
    driver.putVolatile(path("a"), new byte[0]);
    byte[] content = pattern(700_000);
    ByteBuffer source =
        direct ? ByteBuffer.allocateDirect(content.length) : ByteBuffer.allocate(content.length);
    source.put(content).position(100).limit(600_100);

    try (StorageWriter writer = writer("a")) {
      writer.write(source);

      assertThat(source.position()).isEqualTo(600_100);
      assertThat(source.limit()).isEqualTo(600_100);
      assertThat(writer.size()).isEqualTo(600_000);
    }
    byte[] written = driver.read(path("a"), MOST).orElseThrow();
    assertThat(written).isEqualTo(Arrays.copyOfRange(content, 100, 600_100));
  }

  @Test
  void writtenBytesAreSeenByReadersAtOnce() {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      writer.write(ByteBuffer.wrap(bytes(" world")));

      assertThat(text("a")).isEqualTo("hello world");
      assertThat(driver.stat(path("a")).orElseThrow().size()).isEqualTo(11);
    }
  }

  @Test
  void writerReadsBack() {
    put("a", "hello");
    var target = ByteBuffer.allocate(4);

    try (StorageWriter writer = writer("a")) {
      writer.write(ByteBuffer.wrap(bytes(" world")));

      assertThat(writer.read(target, 3)).isEqualTo(4);
      assertThat(target.array()).isEqualTo(bytes("lo w"));
      assertThat(writer.read(target.clear(), 11)).isEqualTo(-1);
    }
  }

  @Test
  void truncatedBytesAreGone() {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      writer.truncate(2);

      assertThat(writer.size()).isEqualTo(2);
    }
    assertThat(text("a")).isEqualTo("he");
  }

  @Test
  void writingGoesOnWhereTheFileWasCut() {
    driver.put(path("a"), pattern(200_000));

    try (StorageWriter writer = writer("a")) {
      writer.truncate(100_000);
      writer.write(ByteBuffer.wrap(bytes("end")));
    }

    byte[] content = driver.read(path("a"), MOST).orElseThrow();
    assertThat(content).hasSize(100_003).startsWith(pattern(100_000)).endsWith(bytes("end"));
  }

  @Test
  void truncateOnlyShortens() {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      assertThatThrownBy(() -> writer.truncate(6)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
      writer.truncate(5);
    }

    assertThat(text("a")).isEqualTo("hello");
  }

  @Test
  void secondWriterIsRefusedUntilTheFirstCloses() {
    put("a", "hello");

    try (StorageWriter first = writer("a")) {
      assertBusy("a");
      first.write(ByteBuffer.wrap(bytes("!")));
    }
    append("a", "?");

    assertThat(text("a")).isEqualTo("hello!?");
  }

  @Test
  void closingTwiceDoesNotFreeTheNextWriter() {
    put("a", "hello");
    StorageWriter first = writer("a");
    first.close();

    try (StorageWriter second = writer("a")) {
      first.close();

      assertBusy("a");
      assertThat(second.size()).isEqualTo(5);
    }
  }

  @Test
  void readersDoNotFreeTheWriter() throws IOException {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      driver.open(path("a")).orElseThrow().close();
      driver.read(path("a"), MOST);
      driver.sync(path("a"));

      assertBusy("a");
      assertThat(writer.size()).isEqualTo(5);
    }
  }

  @Test
  void writersOfDifferentFilesDoNotMeet() {
    put("a", "hello");
    put("b", "hello");

    try (StorageWriter a = writer("a");
        StorageWriter b = writer("b")) {
      a.write(ByteBuffer.wrap(bytes("A")));
      b.write(ByteBuffer.wrap(bytes("B")));
    }

    assertThat(text("a")).isEqualTo("helloA");
    assertThat(text("b")).isEqualTo("helloB");
  }

  @Test
  void syncMayBeCalledOften() {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      writer.sync();
      writer.write(ByteBuffer.wrap(bytes("!")));
      writer.sync();
      writer.sync();
    }

    assertThat(text("a")).isEqualTo("hello!");
  }

  @Test
  void fileMovesUnderItsWriter() {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      assertThat(driver.move(path("a"), path("b"))).isTrue();
      writer.write(ByteBuffer.wrap(bytes("!")));
    }

    assertThat(text("b")).isEqualTo("hello!");
    assertThat(driver.append(path("a"))).isInstanceOf(StorageDriver.Appending.Missing.class);
  }

  @Test
  void writingToDeletedFileHarmsNobody() {
    put("a", "hello");

    try (StorageWriter writer = writer("a")) {
      driver.delete(path("a"));
      driver.create(path("a"), bytes("new"));
      writer.write(ByteBuffer.wrap(bytes("!")));
    }

    assertThat(text("a")).isEqualTo("new");
  }

  @Test
  void appendGoesOnAfterReopening() {
    put("a", "hello");
    append("a", " world");

    reopen();
    append("a", "!");

    assertThat(text("a")).isEqualTo("hello world!");
  }

  @Test
  void oneAtATimeHoldsALock() throws InterruptedException {
    var contended = path("f/nothing-there");
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int turn = 0; turn < 20; turn++) {
                      try (var _ = driver.lock(contended)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(most).hasValue(1);
    assertThat(driver.stat(contended)).isEmpty();
  }

  @Test
  void locksOfTwoPathsAndAWriterDoNotMeet() {
    put("a", "x");
    try (var _ = driver.lock(path("a"));
        var _ = driver.lock(path("b"))) {
      append("a", "y");
    }

    assertThat(text("a")).isEqualTo("xy");
  }
}
