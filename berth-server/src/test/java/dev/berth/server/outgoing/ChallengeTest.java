package dev.berth.server.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ChallengeTest {
  @Test
  void theFirstThatCanBeMetIsFound() {
    var found =
        Challenge.find(
            List.of(
                "Negotiate", "Bearer realm=\"https://a/t\",service=\"s\",scope=\"x\"", "Basic"));

    assertThat(found.orElseThrow().isBearer()).isTrue();
    assertThat(found.orElseThrow().realm()).isEqualTo("https://a/t");
    assertThat(found.orElseThrow().service()).isEqualTo("s");
    assertThat(found.orElseThrow().parameters()).containsEntry("scope", "x");
  }

  @Test
  void namesAreOfAnyCaseAndQuotesMayBeLeftOut() {
    var found = Challenge.find(List.of("bASIC Realm=r"));

    assertThat(found.orElseThrow().isBasic()).isTrue();
    assertThat(found.orElseThrow().realm()).isEqualTo("r");
    assertThat(found.orElseThrow().service()).isEmpty();
  }

  @Test
  void aQuotedValueMayHoldQuotes() {
    assertThat(Challenge.find(List.of("Basic realm=\"a \\\"b\\\"\"")).orElseThrow().realm())
        .isEqualTo("a \"b\"");
  }

  @Test
  void othersAreNone() {
    assertThat(Challenge.find(List.of("Digest realm=\"x\""))).isEmpty();
    assertThat(Challenge.find(List.of())).isEmpty();
  }

  @Test
  void aRealmWithoutTlsOfARegistryWithTls() {
    Challenge plain = Challenge.find(List.of("Bearer realm=\"http://a/token\"")).orElseThrow();
    Challenge secured = Challenge.find(List.of("Bearer realm=\"HTTPS://a/token\"")).orElseThrow();
    Challenge basic = Challenge.find(List.of("Basic realm=\"x\"")).orElseThrow();

    assertThat(plain.losesTls(true)).isTrue();
    assertThat(plain.losesTls(false)).isFalse();
    assertThat(secured.losesTls(true)).isFalse();
    assertThat(basic.losesTls(true)).isFalse();
  }
}
