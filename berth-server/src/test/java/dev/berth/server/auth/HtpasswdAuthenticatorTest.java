package dev.berth.server.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.wire.OciRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtpasswdAuthenticatorTest {
  /// The password is `pass`; made with `htpasswd -B`, as cheap as it allows.
  private static final String PASS = "$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i";

  /// The password is `secret`.
  private static final String SECRET =
      "$2y$12$O94QLkQoXgescAChY.AyIunieRDbzQZfRLRMxxMMUZPxu50QdZ/LS";

  private static final String CLIENT = "10.0.0.7";
  private static final OciRequest PING = new OciRequest.Ping();

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("users");
  }

  private HtpasswdAuthenticator with(String lines, int checksAtOnce) throws IOException {
    Files.writeString(file(), lines);
    return new HtpasswdAuthenticator(
        "the images",
        new WatchedPasswordFile(file(), Duration.ZERO),
        checksAtOnce,
        Duration.ofMillis(10),
        new SecureRandom());
  }

  private static Optional<String> basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  private static Decision decide(Authenticator authenticator, String credentials) {
    return authenticator.decide(basic(credentials), CLIENT, PING);
  }

  @Test
  void knowsWhoGivesTheRightPassword() throws IOException {
    Authenticator authenticator = with("# users\n\nbob:" + PASS + "\n", 1);

    assertThat(decide(authenticator, "bob:pass")).isEqualTo(new Decision.Granted("bob"));
    for (String wrong : List.of("bob:Pass", "bob:", "bob", "Bob:pass", "eve:pass", ":", "")) {
      assertThat(decide(authenticator, wrong)).as(wrong).isInstanceOf(Decision.Unknown.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Basic", "Basic %%%", "Bearer abc", "basic", "Digest username=\"bob\""})
  void asksForTheBasicSchemeAtOnce(String field) throws IOException {
    Authenticator authenticator = with("bob:" + PASS, 1);
    var challenge = new Decision.Unknown("Basic realm=\"the images\"", Duration.ZERO);

    assertThat(authenticator.decide(Optional.of(field), CLIENT, PING)).isEqualTo(challenge);
    assertThat(authenticator.decide(Optional.empty(), CLIENT, PING)).isEqualTo(challenge);
  }

  @Test
  void theSchemeMayBeWrittenInAnyCase() throws IOException {
    Authenticator authenticator = with("bob:" + PASS, 1);
    Optional<String> field = basic("bob:pass").map(text -> text.replace("Basic", "bAsIC"));

    assertThat(authenticator.decide(field, CLIENT, PING)).isEqualTo(new Decision.Granted("bob"));
  }

  /// One check takes some hundred milliseconds at this cost; twenty would take seconds. Counted by
  /// the checks that may run, not by time.
  @Test
  void remembersARightPasswordUntilItsLineChanges() throws IOException {
    HtpasswdAuthenticator authenticator = with("alice:" + SECRET, 1);
    assertThat(decide(authenticator, "alice:secret")).isInstanceOf(Decision.Granted.class);
    authenticator.refuseChecks();
    for (int i = 0; i < 20; i++) {
      assertThat(decide(authenticator, "alice:secret")).isEqualTo(new Decision.Granted("alice"));
    }
    assertThat(decide(authenticator, "alice:other")).isEqualTo(new Decision.Busy());

    Files.writeString(file(), "alice:" + PASS);

    assertThat(decide(authenticator, "alice:secret")).isEqualTo(new Decision.Busy());
  }

  @Test
  void holdsAnswersToWrongPasswordsBackLongerEachTimeAndOthersNever() throws IOException {
    Authenticator authenticator = with("bob:" + PASS, 1);
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      if (decide(authenticator, "bob:wrong")
          instanceof Decision.Unknown(String _, Duration delay)) {
        delays.add(delay.toMillis());
      }
    }

    assertThat(delays).containsExactly(50L, 100L, 200L, 400L, 800L, 1600L, 3200L, 3200L, 3200L);
    assertThat(decide(authenticator, "bob:pass")).isEqualTo(new Decision.Granted("bob"));
    assertThat(authenticator.decide(basic("bob:wrong"), "10.0.0.8", PING))
        .isEqualTo(new Decision.Unknown("Basic realm=\"the images\"", Duration.ofMillis(50)));
  }

  @Test
  void readsAChangedFileAgainHoweverItWasReplaced() throws IOException {
    Authenticator authenticator = with("bob:" + PASS, 1);
    Path other = Files.writeString(folder.resolve("..data-2"), "eve:" + PASS);
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, other);

    Files.move(link, file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThat(decide(authenticator, "eve:pass")).isEqualTo(new Decision.Granted("eve"));
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Unknown.class);
  }

  @Test
  void keepsTheLastGoodLoginsWhereTheFileBreaksOrGoes() throws IOException {
    Authenticator authenticator = with("bob:" + PASS, 1);

    Files.writeString(file(), "no colon");
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Granted.class);
    Files.delete(file());
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Granted.class);
    Files.writeString(file(), "");
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Unknown.class);
  }

  @Test
  void refusesAFileThatIsNone() throws IOException {
    assertThatThrownBy(() -> with("bob:" + PASS + "\nwhat?\n", 1))
        .isInstanceOf(UnusableLogins.class)
        .hasMessageStartingWith(file() + ": line 2 is no name:hash");
    Files.delete(file());
    assertThatThrownBy(() -> new WatchedPasswordFile(file(), Duration.ZERO))
        .isInstanceOf(UnusableLogins.class)
        .hasMessageContaining("no such file of logins; make it with htpasswd -B -c");
  }

  @Test
  void aHashThatIsNotBcryptIsNamedWithoutTheHash() {
    PasswordFile parsed =
        PasswordFile.parse(
            "a:$apr1$x$y\nb:" + PASS + "\nc:plain\nd:" + PASS.replace("$05$", "$31$") + "\n");

    assertThat(parsed.hashes()).containsOnlyKeys("b");
    assertThat(parsed.useless())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).doesNotContain("apr1", "plain"))
        .first()
        .asString()
        .startsWith("line 1: the hash of a is not bcrypt");
  }

  @Test
  void unknownNamesTakeAsLongAsKnownOnes() {
    String dummy = PasswordFile.parse("a:" + PASS + "\nb:" + SECRET).dummy();

    assertThat(dummy).startsWith("$2y$12$");
    assertThat(PasswordFile.parse("").dummy()).startsWith("$2y$10$");
  }
}
