package dev.berth.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.reload.UnusableFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFilesTest {
  private static final Path FILE = Path.of("keys.json");

  /// RFC 7638, §3.1.
  private static final String RSA =
      """
      {"kty": "RSA", "alg": "RS256", "kid": "2011-04-29", "e": "AQAB",
       "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}
      """;

  /// RFC 8037, A.2 and A.3.
  private static final String ED25519 =
      """
      {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
      """;

  private static Map<String, PublicKey> keys(String json) {
    return KeyFiles.keys(FILE, json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void namesKeysAsTheSpecificationsDo() {
    Map<String, PublicKey> keys = keys("{\"keys\": [" + RSA + "," + ED25519 + "]}");

    assertThat(keys).hasSize(2).containsKey("2011-04-29");
    assertThat(keys.values())
        .flatMap(KeyIds::of)
        .contains(
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  }

  /// Made with libtrust of registry 2.8.2.
  @Test
  void namesKeysAsTheOldRegistryDoes() {
    PublicKey key = keys("{\"keys\": [" + RSA + "]}").get("2011-04-29");

    assertThat(KeyIds.fingerprint(java.util.Objects.requireNonNull(key)))
        .isEqualTo("VUZD:EDHW:YWLN:RBFQ:KOA3:UVZ2:XKG5:2V2J:WTPI:6SRD:U6PZ:VCO5");
  }

  @Test
  void aSharedSecretIsNoKey() {
    String shared = "{\"kty\": \"oct\", \"kid\": \"s\", \"k\": \"AAAAAAAAAAAAAAAAAAAAAA\"}";

    assertThat(keys("{\"keys\": [" + shared + "," + RSA + "]}")).containsOnlyKeys("2011-04-29");
    assertThatThrownBy(() -> keys("{\"keys\": [" + shared + "]}"))
        .isInstanceOf(UnusableFile.class)
        .hasMessageContaining("holds no public key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "{\"keys\": 1}", "{\"keys\": [{\"kty\": \"RSA\"}]}", "x"})
  void refusesWhatIsNoSetOfKeys(String text) {
    assertThatThrownBy(() -> keys(text))
        .isInstanceOf(UnusableFile.class)
        .hasMessageStartingWith("keys.json: ");
  }
}
