package dev.berth.storage.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageReader;
import dev.berth.storage.StorageWriter;
import dev.berth.storage.memory.MemoryDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FaultyDriverTest {
  private static final StoragePath PATH = new StoragePath("f/a");

  private final StorageDriver store = new MemoryDriver(1L << 20, InstantSource.system());
  private final Faults faults = new Faults(42);
  private final StorageDriver faulty = new FaultyDriver(store, faults);

  @Test
  void orderedFaultMeetsThatCallAlone() {
    faults.on(Operation.PUT, 2, Fault.IO_ERROR);

    faulty.put(PATH, new byte[1]);
    assertThatThrownBy(() -> faulty.put(PATH, new byte[2]))
        .isInstanceOf(StorageException.Broken.class)
        .hasMessageContaining("seed 42");
    assertThat(store.stat(PATH).orElseThrow().size()).isEqualTo(1);
    faulty.put(PATH, new byte[3]);

    assertThat(store.stat(PATH).orElseThrow().size()).isEqualTo(3);
  }

  @Test
  void orderedFaultCountsFromNow() {
    faulty.stat(PATH);
    faulty.stat(PATH);
    faults.on(Operation.STAT, 1, Fault.IO_ERROR);

    assertThatThrownBy(() -> faulty.stat(PATH)).isInstanceOf(StorageException.Broken.class);
  }

  @Test
  void callsAreCounted() {
    faulty.put(PATH, new byte[1]);
    faulty.stat(PATH);
    faulty.stat(PATH);

    assertThat(faults.count(Operation.PUT)).isEqualTo(1);
    assertThat(faults.count(Operation.STAT)).isEqualTo(2);
    assertThat(faults.count(Operation.LIST)).isZero();
  }

  @Test
  void fullStoreChangesNothing() {
    faults.on(Operation.CREATE, 1, Fault.NO_SPACE);

    assertThatThrownBy(() -> faulty.create(PATH, new byte[1]))
        .isInstanceOf(StorageException.OutOfSpace.class);

    assertThat(store.stat(PATH)).isEmpty();
  }

  @Test
  void failedSyncLeavesTheChangeVisible() {
    faults.on(Operation.PUT, 1, Fault.FAILED_SYNC);

    assertThatThrownBy(() -> faulty.put(PATH, new byte[1]))
        .isInstanceOf(StorageException.Broken.class);

    assertThat(store.stat(PATH)).isPresent();
  }

  @Test
  void shortWriteTellsHowFarItCame() {
    store.put(PATH, new byte[10]);
    var source = ByteBuffer.allocate(1000);
    faults.on(Operation.WRITE, 1, Fault.SHORT_WRITE);

    try (StorageWriter writer = writer()) {
      assertThatThrownBy(() -> writer.write(source))
          .isInstanceOf(StorageException.OutOfSpace.class);

      assertThat(writer.size()).isEqualTo(10 + source.position()).isLessThan(1010);
      assertThat(source.limit()).isEqualTo(1000);
    }
  }

  @Test
  void writerIsOfNoUseAfterFailedSync() {
    store.put(PATH, new byte[10]);
    faults.on(Operation.SYNC_WRITER, 1, Fault.FAILED_SYNC);

    try (StorageWriter writer = writer()) {
      assertThatThrownBy(writer::sync).isInstanceOf(StorageException.Broken.class);
      assertThatThrownBy(writer::sync).isInstanceOf(StorageException.Broken.class);
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
          .isInstanceOf(StorageException.Broken.class);
    }
  }

  @Test
  void readErrorIsAnIoException() {
    store.put(PATH, new byte[10]);
    faults.on(Operation.READ_OPEN, 1, Fault.IO_ERROR);

    try (StorageReader reader = faulty.open(PATH).orElseThrow()) {
      assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1), 0))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void everyOperationMeetsEveryFaultItCan() {
    for (Operation operation : Operation.values()) {
      for (Fault fault : operation.possible()) {
        store.put(PATH, new byte[10]);
        faults.on(operation, 1, fault);

        assertThatThrownBy(() -> doIt(operation))
            .as(operation + " " + fault)
            .isInstanceOfAny(StorageException.class, IOException.class);
        assertThatCode(() -> doIt(operation)).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void impossibleFaultIsRefused() {
    assertThatThrownBy(() -> faults.on(Operation.STAT, 1, Fault.NO_SPACE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rateSetsTheShareOfFailures() {
    faults.at(0.25, Fault.NO_SPACE);
    int failures = 0;

    for (int i = 0; i < 4000; i++) {
      try {
        faulty.put(PATH, new byte[1]);
      } catch (StorageException.OutOfSpace e) {
        failures++;
      }
      faulty.stat(PATH);
    }

    assertThat(failures).isBetween(900, 1100);
  }

  @Test
  void sameSeedFailsTheSameCalls() {
    assertThat(failuresWith(7)).isEqualTo(failuresWith(7)).isNotEqualTo(failuresWith(8));
  }

  private List<Integer> failuresWith(long seed) {
    var driver = new FaultyDriver(store, new Faults(seed).at(0.1, Fault.IO_ERROR));
    var failures = new ArrayList<Integer>();
    for (int i = 0; i < 200; i++) {
      try {
        driver.put(PATH, new byte[1]);
      } catch (StorageException e) {
        failures.add(i);
      }
    }
    return failures;
  }

  private StorageWriter writer() {
    return ((StorageDriver.Appending.Open) faulty.append(PATH)).writer();
  }

  private void doIt(Operation operation) throws IOException {
    var other = new StoragePath("g/b");
    switch (operation) {
      case STAT -> faulty.stat(PATH);
      case READ -> faulty.read(PATH, 100);
      case OPEN -> faulty.open(PATH);
      case READ_OPEN -> faulty.open(PATH).orElseThrow().read(ByteBuffer.allocate(1), 0);
      case PUT -> faulty.put(PATH, new byte[1]);
      case CREATE -> faulty.create(PATH, new byte[1]);
      case PUT_VOLATILE -> faulty.putVolatile(PATH, new byte[1]);
      case APPEND -> writer().close();
      case BEGIN -> faulty.begin(new StoragePath("f/new"));
      case WRITE, READ_BACK, TRUNCATE, SYNC_WRITER -> useWriter(operation);
      case MOVE -> faulty.move(PATH, other);
      case DELETE -> faulty.delete(PATH);
      case DELETE_TREE -> faulty.deleteTree(new StoragePath("f"));
      case LIST -> faulty.list(new StoragePath("f"));
      case SYNC -> faulty.sync(PATH);
    }
  }

  private void useWriter(Operation operation) {
    try (StorageWriter writer = writer()) {
      if (operation == Operation.WRITE) {
        writer.write(ByteBuffer.allocate(10));
      } else if (operation == Operation.READ_BACK) {
        writer.read(ByteBuffer.allocate(10), 0);
      } else if (operation == Operation.TRUNCATE) {
        writer.truncate(1);
      } else {
        writer.sync();
      }
    }
  }
}
