package dev.berth.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoDurationTest {
  @Test
  void timesAreReadAsGoReadsThem() {
    Map.of(
            "168h", Duration.ofHours(168),
            "1m30s", Duration.ofSeconds(90),
            "1.5s", Duration.ofMillis(1500),
            ".5s", Duration.ofMillis(500),
            "10ms", Duration.ofMillis(10),
            "3us", Duration.ofNanos(3000),
            "-1h", Duration.ofHours(-1),
            "0", Duration.ZERO,
            "0s", Duration.ZERO)
        .forEach((text, time) -> assertThat(GoDuration.parse(text)).as(text).isEqualTo(time));
  }

  @Test
  void aBareNumberIsNanoseconds() {
    assertThat(GoDuration.parse("10000000000")).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void timesThatAreNoneAreRefused() {
    for (String text :
        List.of("", "h", "1d", "1 h", "1h ", "ten", "1h-2m", "1.5", "9999999999h", "-")) {
      assertThatThrownBy(() -> GoDuration.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsWrittenIsReadBackTheSame() {
    for (long nanos : new long[] {0, 1, 999, 1_000_000, 90_000_000_000L, 3_723_004_000_005L}) {
      Duration time = Duration.ofNanos(nanos);
      assertThat(GoDuration.parse(GoDuration.format(time))).isEqualTo(time);
      assertThat(GoDuration.parse(GoDuration.format(time.negated()))).isEqualTo(time.negated());
    }
    assertThat(GoDuration.format(Duration.ofDays(7))).isEqualTo("168h");
  }
}
