package dev.berth.storage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// One store for each test, and short ways to use it.
abstract class DriverFixture {
  static final int MOST = 1024 * 1024;

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  StorageDriver driver;

  /// Opens this test's store: empty the first time, as it was left the next.
  protected abstract StorageDriver open();

  @BeforeEach
  void openStore() {
    driver = open();
  }

  @AfterEach
  void closeStore() {
    driver.close();
  }

  /// As a process does that ends and starts again.
  final void reopen() {
    driver.close();
    driver = open();
  }

  static StoragePath path(String value) {
    return new StoragePath(value);
  }

  static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  static byte[] filled(int length, char content) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) content);
    return bytes;
  }

  /// Bytes that differ from place to place, so that a piece in the wrong place shows.
  static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 251);
    }
    return bytes;
  }

  final void put(String at, String content) {
    driver.put(path(at), bytes(content));
  }

  final String text(String at) {
    return new String(driver.read(path(at), MOST).orElseThrow(), US_ASCII);
  }

  final List<String> names(String folder) {
    List<String> names = driver.list(path(folder)).orElseThrow();
    var visited = new ArrayList<String>();
    assertThat(driver.visit(path(folder), visited::add)).isTrue();
    assertThat(visited).containsExactlyInAnyOrderElementsOf(names);
    return names;
  }

  final StorageWriter writer(String at) {
    var appending = driver.append(path(at));
    assertThat(appending).isInstanceOf(StorageDriver.Appending.Open.class);
    return ((StorageDriver.Appending.Open) appending).writer();
  }

  final StorageWriter begun(String at) {
    var appending = driver.begin(path(at));
    assertThat(appending).isInstanceOf(StorageDriver.Appending.Open.class);
    return ((StorageDriver.Appending.Open) appending).writer();
  }

  final void append(String at, String content) {
    try (StorageWriter writer = writer(at)) {
      writer.write(ByteBuffer.wrap(bytes(content)));
      writer.sync();
    }
  }

  final void assertMissing(String at) {
    assertThat(driver.stat(path(at))).isEmpty();
  }

  final void assertBusy(String at) {
    assertThat(driver.append(path(at))).isInstanceOf(StorageDriver.Appending.Busy.class);
  }
}
