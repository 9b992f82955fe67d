package dev.berth.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.StorageWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class MemoryDriverTest {
  private static final StoragePath A = new StoragePath("f/a");
  private static final StoragePath B = new StoragePath("f/b");

  private final MemoryDriver driver = new MemoryDriver(100, InstantSource.fixed(Instant.EPOCH));

  @Test
  void takesAsManyBytesAsAllowed() {
    driver.put(A, new byte[100]);

    assertThat(driver.space().usable()).isZero();
    assertThat(driver.space().total()).isEqualTo(100);
  }

  @Test
  void refusesMoreBytesAndChangesNothing() {
    driver.put(A, new byte[60]);

    assertThatThrownBy(() -> driver.put(B, new byte[41]))
        .isInstanceOf(StorageException.OutOfSpace.class)
        .hasMessageContaining("60 of 100");

    assertThat(driver.stat(B)).isEmpty();
    assertThat(driver.space().usable()).isEqualTo(40);
  }

  @Test
  void refusedAppendLeavesTheFile() {
    driver.put(A, new byte[60]);

    try (StorageWriter writer = writer(A)) {
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(41)))
          .isInstanceOf(StorageException.OutOfSpace.class);

      assertThat(writer.size()).isEqualTo(60);
      writer.write(ByteBuffer.allocate(40));
    }
    assertThat(driver.space().usable()).isZero();
  }

  @Test
  void everyWayOfLosingAFileGivesItsRoomBack() {
    driver.put(A, new byte[60]);
    driver.put(A, new byte[10]);
    assertThat(driver.space().usable()).isEqualTo(90);

    driver.put(B, new byte[20]);
    driver.move(A, B);
    assertThat(driver.space().usable()).isEqualTo(90);

    driver.delete(B);
    assertThat(driver.space().usable()).isEqualTo(100);

    driver.put(A, new byte[60]);
    driver.deleteTree(new StoragePath("f"));
    assertThat(driver.space().usable()).isEqualTo(100);
  }

  @Test
  void truncatingGivesRoomBack() {
    driver.put(A, new byte[60]);

    try (StorageWriter writer = writer(A)) {
      writer.truncate(20);
    }

    assertThat(driver.space().usable()).isEqualTo(80);
  }

  @Test
  void deletedFileGivesItsRoomBackWhenItsWriterCloses() {
    driver.put(A, new byte[60]);

    try (StorageWriter writer = writer(A)) {
      driver.delete(A);
      assertThat(driver.space().usable()).isEqualTo(40);
      writer.write(ByteBuffer.allocate(10));
    }

    assertThat(driver.space().usable()).isEqualTo(100);
  }

  @Test
  void refusedPutGivesRoomBack() {
    driver.put(A, new byte[10]);

    assertThatThrownBy(() -> driver.put(new StoragePath("f"), new byte[10]))
        .isInstanceOf(StorageException.Broken.class);

    assertThat(driver.space().usable()).isEqualTo(90);
  }

  @Test
  void timesComeFromTheClock() {
    driver.put(A, new byte[10]);

    assertThat(driver.stat(A).orElseThrow().modified()).isEqualTo(Instant.EPOCH);
  }

  private StorageWriter writer(StoragePath path) {
    return ((StorageDriver.Appending.Open) driver.append(path)).writer();
  }
}
