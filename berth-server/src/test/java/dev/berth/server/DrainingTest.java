package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrainingTest {
  private static final Map<String, String> KUBERNETES =
      Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");

  private static Duration seconds(int seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  void takesAsLongAsSuitsWhereItRuns() {
    assertThat(Draining.of(null, Map.of()).most()).isEqualTo(seconds(5));
    assertThat(Draining.of(null, Map.of("KUBERNETES_SERVICE_HOST", "")).most())
        .isEqualTo(seconds(5));
    assertThat(Draining.of(null, KUBERNETES).most()).isEqualTo(seconds(20));
  }

  @Test
  void takesAsLongAsItIsToldTo() {
    assertThat(Draining.of(seconds(60), Map.of()).most()).isEqualTo(seconds(60));
    assertThat(Draining.of(seconds(60), KUBERNETES).most()).isEqualTo(seconds(60));
    assertThat(Draining.of(Duration.ZERO, KUBERNETES).most()).isEqualTo(seconds(0));
  }

  @Test
  void givesTheNewsTimeToTravel() {
    assertThat(Draining.of(null, Map.of()).least(false)).isEqualTo(seconds(0));
    assertThat(Draining.of(null, Map.of()).least(true)).isEqualTo(seconds(5));
    assertThat(Draining.of(null, KUBERNETES).least(false)).isEqualTo(seconds(5));
    assertThat(Draining.of(seconds(2), KUBERNETES).least(true)).isEqualTo(seconds(2));
  }
}
