package dev.berth.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StoragePath;
import dev.berth.storage.memory.MemoryDriver;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private final StorageDriver driver = new MemoryDriver(1L << 26, InstantSource.system());

  private String text(StoragePath path) {
    return driver
        .read(path, 1 << 20)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }

  private static byte[] letter(int number) {
    return "letter %03d".formatted(number).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void keepsTheNewestWithinItsBound() {
    int bound = 1000;
    var letters = new DeadLetters(driver, "q", bound);
    for (int i = 0; i < 500; i++) {
      letters.add(List.of(letter(i)));
    }

    String all = text(StoreLayout.olderDeadLetters("q")) + text(StoreLayout.deadLetters("q"));

    assertThat(all.length()).isBetween(bound / 2, bound);
    assertThat(all.lines()).endsWith("letter 498", "letter 499").isSorted();
  }

  @Test
  void keepsNothingWhereNothingMayBeKept() {
    new DeadLetters(driver, "q", 0).add(List.of(letter(1)));

    assertThat(driver.list(StoreLayout.EVENTS)).isEmpty();
  }

  @Test
  void leavesOutALetterThatIsTooLong() {
    new DeadLetters(driver, "q", 100)
        .add(List.of(letter(1), "x".repeat(60).getBytes(StandardCharsets.UTF_8), letter(2)));

    assertThat(text(StoreLayout.deadLetters("q")).lines())
        .containsExactly("letter 001", "letter 002");
  }
}
