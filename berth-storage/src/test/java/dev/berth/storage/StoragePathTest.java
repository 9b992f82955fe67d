package dev.berth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoragePathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/..",
        "a/../b",
        "./a",
        "a/./b",
        "a/.",
        "a\0b",
        "\0",
        "a/\0/b",
        "//",
        "a/b/../../../etc/passwd"
      })
  void refusesWhatCouldLeadElsewhere(String value) {
    assertThatThrownBy(() -> new StoragePath(value)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/b", "...", "..a", "a..", ".a", "a/...", "%2e%2e/a", "a\\..\\b"})
  void takesEveryOtherName(String value) {
    assertThat(new StoragePath(value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "", "/b", "b/../../..", "b/", "b\0"})
  void resolveRefusesEscapes(String name) {
    var path = new StoragePath("a");

    assertThatThrownBy(() -> path.resolve(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void resolveGoesBelow() {
    assertThat(new StoragePath("a").resolve("b/c")).isEqualTo(new StoragePath("a/b/c"));
  }

  @Test
  void nameIsTheLastOne() {
    assertThat(new StoragePath("a/b/c").name()).isEqualTo("c");
    assertThat(new StoragePath("a").name()).isEqualTo("a");
  }
}
