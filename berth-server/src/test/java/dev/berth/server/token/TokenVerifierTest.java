package dev.berth.server.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.TokenAuth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a token must be, and what is no token though somebody took trouble with it.
class TokenVerifierTest {
  private static final Path FILE = Path.of("bundle.pem");

  private static Signer trusted;
  private static Signer old;
  private static Signer rsa;
  private static Signer stranger;
  private static TrustedKeys keys;

  private final TokenVerifier verifier = verifier(TokenAuth.ALGORITHMS);

  @BeforeAll
  static void makeKeys() throws Exception {
    trusted = Signer.root("trusted");
    old = Signer.root("old");
    rsa = Signer.root("rsa", Signer.rsa());
    stranger = Signer.root("trusted");
    keys = new TrustedKeys(bundle(old, trusted, rsa), Map.of());
  }

  private static List<X509Certificate> bundle(Signer... signers) {
    StringBuilder pem = new StringBuilder("-----BEGIN EC PARAMETERS-----\n????\n");
    List.of(signers).forEach(signer -> pem.append(signer.pem()));
    return KeyFiles.certificates(FILE, pem.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static TokenVerifier verifier(List<String> algorithms) {
    return new TokenVerifier(
        new TokenSettings(
            "realm",
            null,
            TestToken.SERVICE,
            TestToken.ISSUER,
            algorithms,
            Optional.empty(),
            Optional.empty()));
  }

  private static String kid(Signer signer) {
    return KeyIds.fingerprint(signer.pair().getPublic());
  }

  private static TestToken good(Signer signer) {
    return new TestToken(algorithm(signer)).header("kid", kid(signer));
  }

  private static String algorithm(Signer signer) {
    return signer.pair().getPublic() instanceof RSAPublicKey ? "RS256" : "ES256";
  }

  private static Map<String, Object> jwk(KeyPair pair) {
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    return Map.of(
        "kty",
        "EC",
        "crv",
        "P-256",
        "x",
        base64(key.getW().getAffineX().toByteArray()),
        "y",
        base64(key.getW().getAffineY().toByteArray()));
  }

  private static String base64(byte[] number) {
    byte[] padded = new byte[32];
    int length = Math.min(number.length, 32);
    System.arraycopy(number, number.length - length, padded, 32 - length, length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
  }

  private Claims verify(String token) throws InvalidToken {
    return verifier.verify(token, keys, Instant.now());
  }

  @Test
  void takesATokenOfEachKeyOfTheBundle() throws Exception {
    for (Signer signer : List.of(old, trusted, rsa)) {
      Claims claims = verify(good(signer).signedBy(signer));

      assertThat(claims.subject()).isEqualTo("alice");
      assertThat(claims.actions())
          .containsOnlyKeys(new Claims.Resource("repository", "a/b"))
          .allSatisfy(
              (_, actions) -> assertThat(actions).containsExactlyInAnyOrder("pull", "push"));
    }
  }

  @Test
  void findsTheKeyByEachOfItsNames() throws Exception {
    String thumbprint = KeyIds.of(trusted.pair().getPublic()).get(1);
    Signer leaf = trusted.vouchesFor("leaf", false, Instant.now());
    Signer middle = trusted.vouchesFor("middle", true, Instant.now());
    Signer below = middle.vouchesFor("below", false, Instant.now());

    verify(new TestToken("ES256").header("kid", thumbprint).signedBy(trusted));
    verify(new TestToken("ES256").header("jwk", jwk(trusted.pair())).signedBy(trusted));
    verify(new TestToken("ES256").header("x5c", List.of(trusted.der())).signedBy(trusted));
    verify(new TestToken("ES256").header("x5c", List.of(leaf.der())).signedBy(leaf));
    verify(
        new TestToken("ES256").header("x5c", List.of(below.der(), middle.der())).signedBy(below));
    Map<String, Object> withChain = new java.util.HashMap<>(jwk(leaf.pair()));
    withChain.put("x5c", List.of(leaf.der()));
    verify(new TestToken("ES256").header("jwk", withChain).signedBy(leaf));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
      })
  void knowsEachAlgorithm(String algorithm) throws Exception {
    KeyPair pair =
        switch (algorithm) {
          case "ES256" -> Signer.ec("secp256r1");
          case "ES384" -> Signer.ec("secp384r1");
          case "ES512" -> Signer.ec("secp521r1");
          case "EdDSA" -> Signer.ed25519();
          default -> rsa.pair();
        };
    Signer signer = new Signer("key", pair, new byte[0]);
    TrustedKeys named = new TrustedKeys(List.of(), Map.of("the key", pair.getPublic()));
    String token = new TestToken(algorithm).header("kid", "the key").signedBy(signer);

    assertThat(verifier.verify(token, named, Instant.now()).subject()).isEqualTo("alice");
    List<String> others = new ArrayList<>(TokenAuth.ALGORITHMS);
    others.remove(algorithm);
    assertThatThrownBy(() -> verifier(others).verify(token, named, Instant.now()))
        .isInstanceOf(InvalidToken.class)
        .hasMessageContaining("algorithm is not allowed");
    String broken = token.substring(0, token.length() - 8) + "AAAAAAAA";
    assertThatThrownBy(() -> verifier.verify(broken, named, Instant.now()))
        .isInstanceOf(InvalidToken.class)
        .hasMessageMatching("its signature (is wrong|cannot be checked)");
  }

  private void refused(String token, String reason) {
    assertThatThrownBy(() -> verify(token))
        .isInstanceOf(InvalidToken.class)
        .hasMessageContaining(reason)
        .hasMessageNotContainingAny("alice", "a/b");
  }

  @Test
  void refusesWhatIsSaidWrong() throws Exception {
    long now = Instant.now().getEpochSecond();
    refused(good(trusted).claim("iss", "another").signedBy(trusted), "another issuer");
    refused(good(trusted).claim("iss", null).signedBy(trusted), "another issuer");
    refused(good(trusted).claim("aud", "another").signedBy(trusted), "another service");
    refused(good(trusted).claim("aud", null).signedBy(trusted), "another service");
    refused(good(trusted).claim("exp", now - 61).signedBy(trusted), "expired");
    refused(good(trusted).claim("exp", null).signedBy(trusted), "never expires");
    refused(good(trusted).claim("nbf", now + 70).signedBy(trusted), "not good yet");
    refused(good(trusted).claim("exp", "soon").signedBy(trusted), "cannot be read");
    refused(good(trusted).claim("access", "all").signedBy(trusted), "list of rights");
    refused(good(trusted).claim("access", List.of("all")).signedBy(trusted), "list of rights");
    refused(
        good(trusted).claim("access", List.of(Map.of("type", 1))).signedBy(trusted),
        "list of rights");
  }

  @Test
  void clocksMayDifferByAMinute() throws Exception {
    long now = Instant.now().getEpochSecond();

    verify(good(trusted).claim("exp", now - 50).signedBy(trusted));
    verify(good(trusted).claim("nbf", now + 50).signedBy(trusted));
    verify(good(trusted).claim("nbf", null).signedBy(trusted));
    verify(good(trusted).claim("aud", List.of("x", TestToken.SERVICE)).signedBy(trusted));
  }

  @Test
  void refusesOtherKeys() throws Exception {
    refused(good(stranger).signedBy(stranger), "key that is not known");
    refused(new TestToken("ES256").signedBy(trusted), "key that is not known");
    refused(good(trusted).signedBy(stranger), "signature is wrong");
    refused(
        new TestToken("ES256").header("jwk", jwk(stranger.pair())).signedBy(stranger),
        "key is not known");
    Map<String, Object> withKid = new java.util.HashMap<>(jwk(stranger.pair()));
    withKid.put("kid", kid(trusted));
    refused(
        new TestToken("ES256")
            .header("jwk", withKid)
            .header("kid", kid(trusted))
            .signedBy(stranger),
        "key is not known");
    refused(good(trusted).signedBy(trusted) + "AAAA", "signature");
  }

  @Test
  void refusesCertificatesThatNobodyVouchesFor() throws Exception {
    Signer leaf = trusted.vouchesFor("leaf", false, Instant.now());
    Signer beyond = leaf.vouchesFor("beyond", false, Instant.now());
    Signer past = trusted.vouchesFor("past", false, Instant.now().minusSeconds(7200));
    Signer foreign = stranger.vouchesFor("foreign", false, Instant.now());
    String reason = "not vouched for";

    refused(token("x5c", List.of(stranger.der()), stranger), reason);
    refused(token("x5c", List.of(foreign.der()), foreign), reason);
    refused(token("x5c", List.of(foreign.der(), trusted.der()), foreign), reason);
    refused(token("x5c", List.of(foreign.der(), stranger.der()), foreign), reason);
    refused(token("x5c", List.of(beyond.der(), leaf.der()), beyond), reason);
    refused(token("x5c", List.of(past.der()), past), reason);
    refused(token("x5c", List.of("bm9uZQ=="), leaf), reason);
    refused(token("x5c", List.of(leaf.der()), stranger), "signature is wrong");
    refused(
        token("x5c", java.util.Collections.nCopies(7, leaf.der()), leaf),
        "more than 6 certificates");
    Map<String, Object> other = new java.util.HashMap<>(jwk(stranger.pair()));
    other.put("x5c", List.of(leaf.der()));
    refused(token("jwk", other, stranger), "");
  }

  private static String token(String name, Object value, Signer signer) throws Exception {
    return new TestToken("ES256").header(name, value).signedBy(signer);
  }

  @Test
  void aRootThatHasEndedVouchesForNobodyMore() throws Exception {
    Signer leaf = trusted.vouchesFor("leaf", false, Instant.now().plusSeconds(7200));
    String token =
        new TestToken("ES256")
            .header("x5c", List.of(leaf.der()))
            .claim("exp", Instant.now().getEpochSecond() + 90_000)
            .signedBy(leaf);

    assertThatThrownBy(() -> verifier.verify(token, keys, Instant.now().plusSeconds(8000)))
        .isInstanceOf(InvalidToken.class)
        .hasMessageContaining("not vouched for");
  }

  @Test
  void refusesAlgorithmsThatAreNone() throws Exception {
    for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
      refused(good(trusted).header("alg", none).with(new byte[0]), "");
      refused(good(trusted).header("alg", none).with(new byte[] {1}), "");
    }
    refused(good(trusted).header("alg", null).with(new byte[64]), "");
    refused(good(trusted).header("alg", "ES256").with(new byte[0]), "");
    refused(good(trusted).with(new byte[64]), "signature");
    refused(good(rsa).header("alg", "ES256").with(new byte[64]), "none of its key's");
    refused(good(trusted).header("alg", "RS256").with(new byte[256]), "none of its key's");
    refused(good(trusted).header("alg", "ES384").with(new byte[96]), "none of its key's");
  }

  /// The key is public, so anybody could sign with it as with a shared secret.
  @Test
  void refusesASharedSecretMadeOfAPublicKey() throws Exception {
    for (Signer signer : List.of(trusted, rsa)) {
      for (byte[] secret :
          List.of(
              signer.pem().getBytes(StandardCharsets.US_ASCII),
              signer.pair().getPublic().getEncoded(),
              signer.certificate())) {
        TestToken token = good(signer).header("alg", "HS256");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        byte[] signature = mac.doFinal(token.input().getBytes(StandardCharsets.US_ASCII));
        refused(token.with(signature), "algorithm is not allowed");
        // Even where somebody allowed it.
        List<String> all = new ArrayList<>(TokenAuth.ALGORITHMS);
        all.add("HS256");
        assertThatThrownBy(() -> verifier(all).verify(token.with(signature), keys, Instant.now()))
            .hasMessageContaining("none of its key's");
      }
    }
  }

  @Test
  void refusesWhatItDoesNotUnderstandAndMust() throws Exception {
    refused(good(trusted).header("crit", List.of("x")).header("x", 1).signedBy(trusted), "");
    refused(
        good(trusted).header("b64", false).header("crit", List.of("b64")).signedBy(trusted), "");
  }

  @Test
  void refusesWhatIsNoToken() throws Exception {
    String token = good(trusted).signedBy(trusted);
    String[] parts = token.split("\\.", -1);
    for (String text :
        List.of(
            "",
            ".",
            "..",
            "...",
            "a.b.c",
            parts[0] + "." + parts[1],
            parts[0] + "." + parts[1] + ".",
            parts[0] + ".." + parts[2],
            "." + parts[1] + "." + parts[2],
            token + ".",
            token + "." + parts[2],
            token + ".a.b",
            token.replace(".", " . "),
            TestToken.part("[]") + "." + parts[1] + "." + parts[2],
            TestToken.part("null") + "." + parts[1] + "." + parts[2],
            TestToken.part("{\"alg\":{}}") + "." + parts[1] + "." + parts[2],
            TestToken.part("{\"alg\":\"ES256\",\"x5c\":7}") + "." + parts[1] + "." + parts[2],
            TestToken.part("{\"alg\":\"ES256\",\"x5c\":[null]}") + "." + parts[1] + ".AAAA",
            TestToken.part("{\"alg\":\"ES256\",\"jwk\":{}}") + "." + parts[1] + ".AAAA",
            TestToken.part("{\"alg\":\"ES256\",\"kid\":1}") + "." + parts[1] + ".AAAA",
            parts[0] + "." + TestToken.part("[]") + "." + parts[2],
            "\0",
            "ü.ü.ü")) {
      refused(text, "");
    }
  }

  @Test
  void isNotWornOutByLongOrDeepTokens() throws Exception {
    refused(good(trusted).claim("x", "y".repeat(16_000)).signedBy(trusted), "longer than");
    String deep = "[".repeat(5_000) + "]".repeat(5_000);
    refused(
        TestToken.part("{\"alg\":\"ES256\",\"x\":" + deep.substring(2000, 8000) + "}") + ".e30.AA",
        "");
    String objects = "{\"a\":".repeat(1_500) + "1" + "}".repeat(1_500);
    refused(TestToken.part(objects) + ".e30.AA", "");
    Signer signer = trusted;
    TestToken token = good(signer);
    String input =
        token.input().split("\\.", -1)[0]
            + "."
            + TestToken.part("{\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}");
    byte[] signature = signer.sign("ES256", input.getBytes(StandardCharsets.US_ASCII));
    refused(input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature), "");
  }
}
