package dev.berth.server.token;

import static dev.berth.server.reload.Looks.twice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.TokenAuth;
import dev.berth.oci.wire.OciRequest;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.oci.wire.Route;
import dev.berth.server.auth.BearerChallenge;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.Sight;
import dev.berth.server.reload.Reloads;
import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthenticatorTest {
  private static final String DIGEST = "sha256:" + "a".repeat(64);

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  private final Reloads reloads = new Reloads(() -> now.get());

  @TempDir private Path folder;

  private String problem() {
    return reloads.faults().getOrDefault("reload_auth.token", "");
  }

  private Path bundle() {
    return folder.resolve("bundle.pem");
  }

  private TokenAuthenticator with(@Nullable String redirectPath) {
    return new TokenAuthenticator(
        new TokenSettings(
            "https://auth.example/token",
            redirectPath,
            TestToken.SERVICE,
            TestToken.ISSUER,
            TokenAuth.ALGORITHMS,
            Optional.of(bundle()),
            Optional.empty()),
        now::get,
        new SecureRandom(),
        reloads.add("auth.token"));
  }

  private static OciRequest request(String method, String target) {
    String[] parts = target.replace("D", DIGEST).split("\\?", 2);
    Route route =
        new OciRoutes("/", false).parse(method, parts[0], parts.length > 1 ? parts[1] : "");
    return ((Route.Found) route).request();
  }

  /// After a look at the files, which the server has now and then.
  private static Decision decide(TokenAuthenticator authenticator, String token) {
    twice(authenticator::refresh);
    return authenticator.decide(
        Optional.of("Bearer " + token), "10.0.0.7", request("PUT", "/v2/a/b/manifests/t"));
  }

  private static String challenge(Decision decision) {
    return ((Decision.TokenNeeded) decision)
        .challenge()
        .field(Optional.of("https://images.example"));
  }

  private static TestToken token(Signer signer) {
    return TestToken.by(signer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GET    | /v2/                                  | ",
        "GET    | /v2/a/b/manifests/t                   | ,scope=\"repository:a/b:pull\"",
        "PUT    | /v2/a/b/manifests/t                   | ,scope=\"repository:a/b:pull,push\"",
        "DELETE | /v2/a/b/manifests/D                   | ,scope=\"repository:a/b:delete\"",
        "POST   | /v2/a/b/blobs/uploads/?mount=D&from=c | ,scope=\"repository:a/b:pull,push repository:c:pull\"",
        "POST   | /v2/a/b/blobs/uploads/?mount=D&from=a/b | ,scope=\"repository:a/b:pull,push\"",
        "GET    | /v2/_catalog                          | ,scope=\"registry:catalog:*\"",
      })
  void asksForATokenInTheWordsOfTheOldRegistry(String method, String target, @Nullable String scope)
      throws Exception {
    Files.writeString(bundle(), Signer.root("service").pem());
    Decision decision = with(null).decide(Optional.empty(), "", request(method, target));

    assertThat(challenge(decision))
        .isEqualTo(
            "Bearer realm=\"https://auth.example/token\",service=\"the registry\""
                + (scope == null ? "" : scope));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer a b", "Basic YTpi", "bearer", "Bearer  a"})
  void whatIsNoTokenIsTakenForNone(String field) throws Exception {
    Files.writeString(bundle(), Signer.root("service").pem());
    Decision decision =
        with(null).decide(Optional.of(field), "", request("GET", "/v2/a/b/tags/list"));

    assertThat(challenge(decision)).endsWith("scope=\"repository:a/b:pull\"");
  }

  @Test
  void saysWhetherATokenIsWrongOrAllowsTooLittle() throws Exception {
    Signer service = Signer.root("service");
    Files.writeString(bundle(), service.pem());
    TokenAuthenticator authenticator = with(null);

    assertThat(decide(authenticator, token(service).signedBy(service)))
        .isEqualTo(new Decision.Granted(Caller.named("alice"), Sight.AS_ASKED));
    assertThat(challenge(decide(authenticator, "x"))).endsWith(",error=\"invalid_token\"");
    for (var access :
        List.of(
            TestToken.access("repository", "a/b", "pull"),
            TestToken.access("repository", "a/c", "pull", "push"),
            TestToken.access("repository", "a", "*"),
            TestToken.access("repository", "a/*", "*"),
            TestToken.access("repository", "*", "*"),
            TestToken.access("registry", "a/b", "*"))) {
      String less = token(service).claim("access", List.of(access)).signedBy(service);
      assertThat(challenge(decide(authenticator, less)))
          .as(access.toString())
          .endsWith(",scope=\"repository:a/b:pull,push\",error=\"insufficient_scope\"");
    }
    String all =
        token(service)
            .claim("access", List.of(TestToken.access("repository", "a/b", "*")))
            .claim("sub", null)
            .signedBy(service);
    assertThat(decide(authenticator, all))
        .isEqualTo(new Decision.Granted(Caller.ANONYMOUS, Sight.AS_ASKED));
  }

  @Test
  void sendsClientsToTheHostTheyAskedWhereToldSo() throws Exception {
    Files.writeString(bundle(), Signer.root("service").pem());
    Decision decision = with("/auth/token").decide(Optional.empty(), "", new OciRequest.Ping());
    BearerChallenge challenge = ((Decision.TokenNeeded) decision).challenge();

    assertThat(challenge.field(Optional.of("https://images.example")))
        .startsWith("Bearer realm=\"https://images.example/auth/token\",");
    assertThat(challenge.field(Optional.empty()))
        .startsWith("Bearer realm=\"https://auth.example/token\",");
  }

  /// Rotation: the next key is added, later the old one goes. What it signed ends at once, though
  /// it was remembered.
  @Test
  void followsTheFileOfKeys() throws Exception {
    Signer old = Signer.root("old");
    Signer next = Signer.root("next");
    Files.writeString(bundle(), old.pem());
    TokenAuthenticator authenticator = with(null);
    String ofOld = token(old).signedBy(old);
    String ofNext = token(next).signedBy(next);
    assertThat(decide(authenticator, ofOld)).isInstanceOf(Decision.Granted.class);
    assertThat(decide(authenticator, ofNext)).isInstanceOf(Decision.TokenNeeded.class);

    Files.writeString(bundle(), old.pem() + next.pem());
    assertThat(decide(authenticator, ofOld)).isInstanceOf(Decision.Granted.class);
    assertThat(decide(authenticator, ofNext)).isInstanceOf(Decision.Granted.class);

    Files.writeString(bundle(), next.pem());
    assertThat(decide(authenticator, ofOld)).isInstanceOf(Decision.TokenNeeded.class);
    assertThat(decide(authenticator, ofNext)).isInstanceOf(Decision.Granted.class);
  }

  @Test
  void keepsTheLastGoodKeysWhereTheFileBreaksOrGoesAndSaysSo() throws Exception {
    Signer service = Signer.root("service");
    Files.writeString(bundle(), service.pem());
    TokenAuthenticator authenticator = with(null);
    String good = token(service).signedBy(service);

    for (String broken : List.of("", "what?", service.pem().replace("MII", "???"))) {
      Files.writeString(bundle(), broken);
      String fresh = token(service).claim("jti", "of " + broken.length()).signedBy(service);
      assertThat(decide(authenticator, fresh)).isInstanceOf(Decision.Granted.class);
      assertThat(problem()).startsWith(bundle() + ": ");
    }
    Files.delete(bundle());
    assertThat(decide(authenticator, good)).isInstanceOf(Decision.Granted.class);
    assertThat(problem()).contains("no such file");
    Files.writeString(bundle(), service.pem());
    assertThat(decide(authenticator, good)).isInstanceOf(Decision.Granted.class);
    assertThat(problem()).isEmpty();
  }

  @Test
  void aRememberedTokenStillExpires() throws Exception {
    Signer service = Signer.root("service");
    Files.writeString(bundle(), service.pem());
    TokenAuthenticator authenticator = with(null);
    String good = token(service).signedBy(service);
    assertThat(decide(authenticator, good)).isInstanceOf(Decision.Granted.class);

    now.set(now.get().plusSeconds(362));

    assertThat(challenge(decide(authenticator, good))).contains("invalid_token");
  }

  @Test
  void refusesToBeginWithoutKeys() throws IOException {
    assertThatThrownBy(() -> with(null))
        .isInstanceOf(UnusableFile.class)
        .hasMessage("auth.token: " + bundle() + ": no such file");
    Files.writeString(bundle(), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertThatThrownBy(() -> with(null))
        .isInstanceOf(UnusableFile.class)
        .hasMessageContaining("certificate 1 cannot be read");
    Files.writeString(bundle(), "x".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> with(null)).hasMessageContaining("larger than 1 MiB");
  }
}
