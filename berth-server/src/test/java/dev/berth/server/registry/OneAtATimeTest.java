package dev.berth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class OneAtATimeTest {
  private final OneAtATime turns = new OneAtATime("too many");

  @Test
  void whoDoesNotWaitGoesWithoutWhereSomebodyIsAtIt() {
    Optional<Optional<String>> inner = turns.ifFree(() -> turns.ifFree(() -> "never"));
    assertThat(inner).contains(Optional.empty());
    assertThat(turns.ifFree(() -> "free again")).contains("free again");
  }

  @Test
  void theTurnIsGivenBackByAFailure() {
    assertThatThrownBy(
            () ->
                turns.alone(
                    () -> {
                      throw new IllegalStateException("planted");
                    }))
        .hasMessage("planted");
    assertThat(turns.<String>alone(() -> "next")).isEqualTo("next");
  }
}
