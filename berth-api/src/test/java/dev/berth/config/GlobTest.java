package dev.berth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "**, a, true",
    "**, a/b/c, true",
    "*, a, true",
    "*, a/b, false",
    "team/**, team/a, true",
    "team/**, team/a/b, true",
    "team/**, team, false",
    "team/**, teams/a, false",
    "team/*, team/a/b, false",
    "team/*/app, team/x/app, true",
    "team/*/app, team/x/y/app, false",
    "**/app, x/y/app, true",
    "**/app, app, false",
    "**app, app, true",
    "a, a, true",
    "a, ab, false",
    "a, '', false",
    "v*, v1.2, true",
    "v*, v, true",
    "*-rc*, 1-rc2, true",
    "a.b, axb, false",
  })
  void starsStandForNamesAsTheDocumentSays(String pattern, String name, boolean matches) {
    assertThat(new Glob(pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void isWhatTheRegularExpressionWouldBe() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String pattern = text(random, "ab/**", 8).replaceAll("\\*{3,}", "**");
      String name = text(random, "ab/", 10);
      if (pattern.isEmpty()) {
        continue;
      }
      String expression = pattern.replace("**", "#").replace("*", "[^/]*").replace("#", ".*");
      assertThat(new Glob(pattern).matches(name))
          .as("%s %s, seed %d", pattern, name, seed)
          .isEqualTo(Pattern.matches(expression, name));
    }
  }

  private static String text(Random random, String letters, int most) {
    IntFunction<String> letter =
        _ -> letters.substring(random.nextInt(letters.length())).substring(0, 1);
    return IntStream.range(0, random.nextInt(most + 1))
        .mapToObj(letter)
        .collect(Collectors.joining());
  }

  /// As a regular expression this takes longer than the world has.
  @Test
  @Timeout(10)
  void noPatternTakesLong() {
    Glob bad = new Glob("*a".repeat(127));
    long start = System.nanoTime();

    assertThat(bad.matches("a".repeat(126) + "b".repeat(129))).isFalse();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Team/**", "/a", "a/", "a b", "", "a/***", "é", "[ab]"})
  void noRepositoryIsCalledSo(String pattern) {
    assertThatThrownBy(() -> Glob.ofRepositories(pattern)).isInstanceOf(InvalidSetting.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "a b", "", "***", "v[0-9]"})
  void noTagIsCalledSo(String pattern) {
    assertThatThrownBy(() -> Glob.ofTags(pattern)).isInstanceOf(InvalidSetting.class);
  }
}
