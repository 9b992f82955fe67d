package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndingsTest {
  private final List<String> ended = new ArrayList<>();
  private final Endings endings = new Endings();

  @Test
  void whatBeganLastEndsFirstAndOnce() {
    endings.add(() -> ended.add("store"));
    endings.add(() -> ended.add("engine"));

    endings.close();
    endings.close();

    assertThat(ended).containsExactly("engine", "store");
  }

  @Test
  void oneThatFailsKeepsNoOtherFromEnding() {
    endings.add(() -> ended.add("store"));
    endings.add(
        () -> {
          throw new IllegalStateException("broken");
        });

    endings.close();

    assertThat(ended).containsExactly("store");
  }
}
