package dev.berth.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Names and tags against the regular expressions of the distribution specification ("Pulling
/// manifests"): every text of up to five characters.
class GrammarTest {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
  private static final String ALPHABET = "a0._-/Z";
  private static final int LONGEST = 5;

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(List.of(""));
    int from = 0;
    for (int length = 1; length <= LONGEST; length++) {
      int to = texts.size();
      for (String shorter : List.copyOf(texts.subList(from, to))) {
        ALPHABET.chars().forEach(c -> texts.add(shorter + (char) c));
      }
      from = to;
    }
    return texts;
  }

  @Test
  void takesTheNamesOfTheSpecificationAndNoOthers() {
    List<String> wrong =
        texts().stream()
            .filter(
                text -> RepositoryName.tryParse(text).isPresent() != NAME.matcher(text).matches())
            .toList();

    assertThat(wrong).isEmpty();
  }

  @Test
  void takesTheTagsOfTheSpecificationAndNoOthers() {
    List<String> wrong =
        texts().stream()
            .filter(text -> Tag.tryParse(text).isPresent() != TAG.matcher(text).matches())
            .toList();

    assertThat(wrong).isEmpty();
  }

  @Test
  void takesNoOtherCharacters() {
    for (char c = 0; c < Character.MAX_VALUE; c++) {
      String text = "a" + c + "a";

      assertThat(RepositoryName.tryParse(text).isPresent()).isEqualTo(NAME.matcher(text).matches());
      assertThat(Tag.tryParse(text).isPresent()).isEqualTo(TAG.matcher(text).matches());
    }
  }

  @Test
  void bindsTheLength() {
    assertThat(RepositoryName.tryParse("a".repeat(255))).isPresent();
    assertThat(RepositoryName.tryParse("a".repeat(256))).isEmpty();
    assertThat(Tag.tryParse("a".repeat(128))).isPresent();
    assertThat(Tag.tryParse("a".repeat(129))).isEmpty();
  }
}
