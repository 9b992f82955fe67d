package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void sizesAreReadInPowersOfTwoAndOfTen() {
    assertThat(DataSize.parse("4MiB")).isEqualTo(new DataSize(4L << 20));
    assertThat(DataSize.parse("4 mib")).isEqualTo(new DataSize(4L << 20));
    assertThat(DataSize.parse("1.5GiB")).isEqualTo(new DataSize(3L << 29));
    assertThat(DataSize.parse("10MB")).isEqualTo(new DataSize(10_000_000));
    assertThat(DataSize.parse("17")).isEqualTo(new DataSize(17));
    assertThat(DataSize.parse("17B")).isEqualTo(new DataSize(17));
  }

  @Test
  void sizesThatAreNoneAreRefused() {
    for (String text : List.of("", "MiB", "-1", "4 potatoes", "0.5", "9999999999TiB", "1e3")) {
      assertThatThrownBy(() -> DataSize.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSizeIsWrittenAsItIsRead() {
    for (long bytes : new long[] {0, 1, 1023, 1024, 1536, 64L << 20, 10L << 30, Long.MAX_VALUE}) {
      DataSize size = new DataSize(bytes);
      if (bytes < 1_000_000_000_000_000L) {
        assertThat(DataSize.parse(size.toString())).isEqualTo(size);
      }
    }
    assertThat(new DataSize(64L << 20)).hasToString("64MiB");
  }

  @Test
  void addressesAreReadAndWrittenTheSame() {
    for (String text : List.of(":5000", "127.0.0.1:5000", "localhost:0", "[::1]:65535")) {
      assertThat(ListenAddress.parse(text)).hasToString(text);
    }
    assertThat(ListenAddress.parse("[::1]:5000").host()).isEqualTo("::1");
  }

  @Test
  void addressesThatAreNoneAreRefused() {
    for (String text : List.of("", "5000", "localhost", ":x", ":65536", ":-1", "::1:5000")) {
      assertThatThrownBy(() -> ListenAddress.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSecretNeverShows() {
    HttpConfig http =
        new HttpConfig(
            new ListenAddress("", 0),
            "/",
            null,
            new Secret("swordfish"),
            false,
            Duration.ZERO,
            Map.of(),
            null,
            null);

    assertThat(http.toString()).doesNotContain("swordfish").contains(Secret.HIDDEN);
  }

  @Test
  void recordsRefuseWhatIsOutOfBounds() {
    assertThatThrownBy(() -> new CatalogConfig(0)).isInstanceOf(InvalidSetting.class);
    assertThatThrownBy(() -> new UploadPurging(true, Duration.ZERO, Duration.ofHours(1), false))
        .isInstanceOf(InvalidSetting.class);
    assertThatThrownBy(() -> new HealthConfig.StorageCheck(true, Duration.ofSeconds(1), 0))
        .isInstanceOf(InvalidSetting.class);
    assertThatThrownBy(() -> new Limits.Threads(0, 1, 1, 1)).isInstanceOf(InvalidSetting.class);
    assertThatThrownBy(() -> new UrlPattern("(")).isInstanceOf(InvalidSetting.class);
    assertThatThrownBy(() -> new SpaceConfig(DataSize.ofMebibytes(65), null))
        .isInstanceOf(InvalidSetting.class);
  }

  @Test
  void headersThatWouldBreakAnAnswerAreRefused() {
    assertThatThrownBy(() -> withHeader("X-Two\r\nLines", "a")).isInstanceOf(InvalidSetting.class);
    assertThatThrownBy(() -> withHeader("X-Name", "a\r\nSet-Cookie: b"))
        .isInstanceOf(InvalidSetting.class);
    assertThat(withHeader("X-Name", "a b").headers()).containsEntry("X-Name", List.of("a b"));
  }

  @Test
  void theReserveAndTheWatermarkFollowTheVolume() {
    long small = 1L << 30;
    long large = 1L << 40;

    assertThat(SpaceConfig.DEFAULTS.reserveBytes(small)).isEqualTo(small / 100);
    assertThat(SpaceConfig.DEFAULTS.reserveBytes(large)).isEqualTo(64L << 20);
    assertThat(SpaceConfig.DEFAULTS.watermarkBytes(small)).isEqualTo(small / 20);
    assertThat(SpaceConfig.DEFAULTS.watermarkBytes(large)).isEqualTo(10L << 30);
    assertThat(new SpaceConfig(new DataSize(7), new DataSize(8)).reserveBytes(large)).isEqualTo(7);
    assertThat(new SpaceConfig(new DataSize(7), new DataSize(8)).watermarkBytes(large))
        .isEqualTo(8);
  }

  /// With an expression that goes back, each more `a` doubles the time.
  @Test
  void noUrlMakesAPatternSlow() {
    assertThat(new UrlPattern("^(a+)+$").matches("a".repeat(100_000) + "!")).isFalse();
    assertThat(new UrlPattern("^https://(?P<host>[^/]+)/\\z").matches("https://a/")).isTrue();
    assertThat(new UrlPattern("a.c")).isEqualTo(new UrlPattern("a.c")).hasToString("a.c");
  }

  @Test
  void foreignUrlsFollowTheRulesOnceThereAreRules() {
    UrlPattern example = new UrlPattern("^https://example\\.com/");
    String good = "https://example.com/layer";
    String other = "https://example.org/layer";

    assertThat(ValidationConfig.DEFAULTS.allows(other)).isTrue();
    assertThat(new ValidationConfig(true, List.of(), List.of()).allows(good)).isFalse();
    assertThat(new ValidationConfig(true, List.of(example), List.of()).allows(good)).isTrue();
    assertThat(new ValidationConfig(true, List.of(example), List.of()).allows(other)).isFalse();
    assertThat(new ValidationConfig(true, List.of(), List.of(example)).allows(good)).isFalse();
    assertThat(new ValidationConfig(true, List.of(), List.of(example)).allows(other)).isTrue();
    assertThat(new ValidationConfig(true, List.of(example), List.of(example)).allows(good))
        .isFalse();
  }

  private static HttpConfig withHeader(String name, String value) {
    return new HttpConfig(
        new ListenAddress("", 0),
        "/",
        null,
        null,
        false,
        Duration.ZERO,
        Map.of(name, List.of(value)),
        null,
        null);
  }
}
