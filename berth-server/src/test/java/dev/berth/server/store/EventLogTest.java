package dev.berth.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.store.EventLog.Entry;
import dev.berth.server.store.EventLog.Position;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.faults.Fault;
import dev.berth.storage.faults.Faults;
import dev.berth.storage.faults.FaultyDriver;
import dev.berth.storage.faults.Operation;
import dev.berth.storage.memory.MemoryDriver;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final long SEGMENT = 1 << 20;

  private final StorageDriver driver = new MemoryDriver(1L << 26, InstantSource.system());

  private EventLog open(StorageDriver store, long segmentBytes) {
    return EventLog.open(store, "r", "q", segmentBytes);
  }

  private static List<byte[]> records(String... texts) {
    return Arrays.stream(texts).map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private static List<String> readAll(EventLog log, Position from) {
    List<String> all = new ArrayList<>();
    Position at = from;
    for (Optional<Entry> entry = log.next(at); entry.isPresent(); entry = log.next(at)) {
      all.add(new String(entry.get().record(), StandardCharsets.UTF_8));
      at = entry.get().after();
    }
    return all;
  }

  @Test
  void givesInOrderWhatWasAppendedToItAndToOneOfBefore() {
    EventLog first = open(driver, SEGMENT);
    assertThat(first.next(first.savedPosition())).isEmpty();
    first.append(records("a", "b"));
    first.append(records("c"));
    assertThat(readAll(first, Position.START)).containsExactly("a", "b", "c");
    first.close();

    EventLog second = open(driver, SEGMENT);
    second.append(records("d"));

    assertThat(readAll(second, second.savedPosition())).containsExactly("a", "b", "c", "d");
  }

  @Test
  void goesOnWhereItsReaderStood() {
    EventLog first = open(driver, SEGMENT);
    first.append(records("a", "b"));
    first.savePosition(first.next(Position.START).orElseThrow().after());
    first.close();

    EventLog second = open(driver, SEGMENT);

    assertThat(readAll(second, second.savedPosition())).containsExactly("b");
  }

  @Test
  void aPositionThatCannotBeIsTheBeginning() {
    EventLog log = open(driver, SEGMENT);
    log.append(records("a"));
    for (String torn : List.of("", "1", "1 ", "1 99999", "7 0", "x y", "-1 -1")) {
      driver.put(StoreLayout.eventPosition("r", "q"), torn.getBytes(StandardCharsets.US_ASCII));
      assertThat(readAll(log, log.savedPosition())).as(torn).containsExactly("a");
    }
  }

  @Test
  void beginsSegmentsAndForgetsThem() {
    EventLog log = open(driver, 100);
    String[] texts = IntStream.range(0, 50).mapToObj(i -> "record " + i).toArray(String[]::new);
    for (String text : texts) {
      log.append(records(text));
    }
    assertThat(log.end().segment()).isGreaterThan(5);
    assertThat(readAll(log, Position.START)).containsExactly(texts);
    long all = log.bytes();

    Position middle = new Position(3, 0);
    log.forgetBefore(middle);

    assertThat(log.bytes()).isLessThan(all);
    assertThat(driver.stat(StoreLayout.eventSegment("r", "q", 2))).isEmpty();
    assertThat(readAll(log, middle)).endsWith("record 49").doesNotContain("record 0");
    log.remove();
    assertThat(driver.list(StoreLayout.eventReplica("r")).orElse(List.of())).isEmpty();
  }

  /// The last write of a process that was killed may be there in part.
  @Test
  void cutAtAnyByteItGivesEveryWholeRecordAndGoesOn() {
    EventLog log = open(driver, SEGMENT);
    log.append(records("first", "second", "third"));
    log.close();
    byte[] whole = driver.read(StoreLayout.eventSegment("r", "q", 1), 1 << 20).orElseThrow();
    int[] ends = {line(whole, 1), line(whole, 2), line(whole, 3)};
    List<String> all = List.of("first", "second", "third");
    for (int cut = 0; cut <= whole.length; cut++) {
      driver.put(StoreLayout.eventSegment("r", "q", 1), Arrays.copyOf(whole, cut));
      int bytes = cut;
      int kept = (int) Arrays.stream(ends).filter(end -> end <= bytes).count();
      EventLog after = open(driver, SEGMENT);
      assertThat(readAll(after, after.savedPosition()))
          .as("cut at %d", cut)
          .isEqualTo(all.subList(0, kept));
      after.append(records("fourth"));
      assertThat(readAll(after, after.savedPosition())).hasSize(kept + 1).endsWith("fourth");
      boolean torn = cut > 0 && Arrays.stream(ends).noneMatch(end -> end == bytes);
      assertThat(after.damaged()).as("cut at %d", cut).isEqualTo(torn ? 1 : 0);
      after.remove();
    }
  }

  private static int line(byte[] bytes, int number) {
    int lines = 0;
    for (int i = 0; i < bytes.length; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
      if (lines == number) {
        return i + 1;
      }
    }
    throw new AssertionError("no line " + number);
  }

  /// A bad disk: no record is given that was not appended.
  @Test
  void aFlippedByteCostsItsRecordAtMostAndTheNext() {
    EventLog log = open(driver, SEGMENT);
    log.append(records("first", "second", "third"));
    log.close();
    byte[] whole = driver.read(StoreLayout.eventSegment("r", "q", 1), 1 << 20).orElseThrow();
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x10;
      driver.put(StoreLayout.eventSegment("r", "q", 1), flipped);
      EventLog after = open(driver, SEGMENT);
      List<String> read = readAll(after, after.savedPosition());
      assertThat(List.of("first", "second", "third")).as("flipped %d", at).containsAll(read);
      assertThat(read).as("flipped %d", at).hasSizeGreaterThanOrEqualTo(1);
      assertThat(after.damaged()).isPositive();
      after.close();
    }
  }

  @Test
  void aWriteThatFailsHalfwayHurtsNoOther() {
    Faults faults = new Faults(1);
    EventLog log = open(new FaultyDriver(driver, faults), SEGMENT);
    log.append(records("a"));
    faults.on(Operation.WRITE, 1, Fault.SHORT_WRITE).on(Operation.TRUNCATE, 1, Fault.IO_ERROR);

    assertThatThrownBy(() -> log.append(records("lost", "lost too")))
        .isInstanceOf(StorageException.OutOfSpace.class);
    log.append(records("b"));

    assertThat(readAll(log, Position.START)).containsExactly("a", "b");
  }

  @Test
  void readsRecordsLargerThanItsPieces() {
    EventLog log = open(driver, SEGMENT);
    String large = "x".repeat(300_000);
    log.append(records("a", large, "b"));

    assertThat(readAll(log, Position.START)).containsExactly("a", large, "b");
  }

  /// A later sync looks at the last segment only.
  @Test
  void noSegmentIsLeftBeforeItSurvivesLossOfPower() {
    Faults faults = new Faults(1);
    EventLog log = open(new FaultyDriver(driver, faults), 1);
    log.append(records("a"));
    faults.on(Operation.SYNC, 1, Fault.IO_ERROR);
    assertThatThrownBy(() -> log.append(records("b"))).isInstanceOf(StorageException.class);
    assertThat(log.end().segment()).isEqualTo(1);

    log.append(records("b"));
    assertThat(log.end().segment()).isEqualTo(2);
    assertThat(faults.count(Operation.SYNC)).isEqualTo(2);

    faults.on(Operation.SYNC, 1, Fault.IO_ERROR);
    assertThatThrownBy(log::sync).isInstanceOf(StorageException.class);
    log.sync();
    log.sync();
    assertThat(faults.count(Operation.SYNC)).isEqualTo(4);
  }

  @Test
  void afterAFailedWriteWhatWasThereBeforeIsSynced() {
    Faults faults = new Faults(1);
    EventLog log = open(new FaultyDriver(driver, faults), SEGMENT);
    log.append(records("a"));
    faults.on(Operation.WRITE, 1, Fault.IO_ERROR);
    assertThatThrownBy(() -> log.append(records("b"))).isInstanceOf(StorageException.class);

    log.append(records("b"));

    assertThat(log.end().segment()).isEqualTo(2);
    assertThat(faults.count(Operation.SYNC)).isEqualTo(1);
    assertThat(readAll(log, Position.START)).containsExactly("a", "b");
  }
}
