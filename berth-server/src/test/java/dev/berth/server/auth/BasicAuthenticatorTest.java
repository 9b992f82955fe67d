package dev.berth.server.auth;

import static dev.berth.server.reload.Looks.twice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.wire.OciRequest;
import dev.berth.server.reload.Reload;
import dev.berth.server.reload.Reloads;
import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthenticatorTest {
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

  private final Reloads reloads = new Reloads(InstantSource.system());
  private final Reload reload = reloads.add("auth.htpasswd.path");
  private final Gate gate = new Gate(1, Duration.ofMillis(10));

  private BasicAuthenticator with(String lines) throws IOException {
    return with(lines, null);
  }

  private BasicAuthenticator with(String lines, @Nullable Logins others) throws IOException {
    Files.writeString(file(), lines);
    return new BasicAuthenticator(
        "the images",
        new HtpasswdLogins(file(), gate, others, reload),
        Rights.OF_ANY_LOGIN,
        new SecureRandom());
  }

  private static Decision granted(String name) {
    return new Decision.Granted(Caller.named(name), Sight.ALL);
  }

  private static Optional<String> basic(String credentials) {
    byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  /// After a look at the file, which the server has now and then.
  private static Decision decide(Authenticator authenticator, String credentials) {
    twice(authenticator::refresh);
    return authenticator.decide(basic(credentials), CLIENT, PING);
  }

  @Test
  void knowsWhoGivesTheRightPassword() throws IOException {
    Authenticator authenticator = with("# users\n\nbob:" + PASS + "\n");

    assertThat(decide(authenticator, "bob:pass")).isEqualTo(granted("bob"));
    for (String wrong : List.of("bob:Pass", "bob:", "bob", "Bob:pass", "eve:pass", ":x", "")) {
      assertThat(decide(authenticator, wrong)).as(wrong).isInstanceOf(Decision.Unknown.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Basic", "Basic %%%", "Bearer abc", "basic", "Digest username=\"bob\""})
  void asksForTheBasicSchemeAtOnce(String field) throws IOException {
    Authenticator authenticator = with("bob:" + PASS);
    var challenge = new Decision.Unknown("Basic realm=\"the images\"", Duration.ZERO);

    assertThat(authenticator.decide(Optional.of(field), CLIENT, PING)).isEqualTo(challenge);
    assertThat(authenticator.decide(Optional.empty(), CLIENT, PING)).isEqualTo(challenge);
  }

  @Test
  void theSchemeMayBeWrittenInAnyCase() throws IOException {
    Authenticator authenticator = with("bob:" + PASS);
    Optional<String> field = basic("bob:pass").map(text -> text.replace("Basic", "bAsIC"));

    assertThat(authenticator.decide(field, CLIENT, PING)).isEqualTo(granted("bob"));
  }

  @Test
  void tellsWhatBecameOfTheFileThoughNobodyAsks() throws IOException {
    BasicAuthenticator authenticator = with("bob:" + PASS);
    assertThat(reloads.faults()).isEmpty();

    Files.delete(file());
    twice(authenticator::refresh);

    assertThat(reloads.faults().get("reload_auth.htpasswd.path"))
        .contains("no such file of logins");
    assertThat(decide(authenticator, "bob:pass")).isEqualTo(granted("bob"));

    Files.writeString(file(), "bob:" + PASS);
    twice(authenticator::refresh);

    assertThat(reloads.faults()).isEmpty();
  }

  @Test
  void countsWhatBecameOfLogins() throws IOException {
    BasicAuthenticator authenticator = with("bob:" + PASS);
    decide(authenticator, "bob:pass");
    decide(authenticator, "bob:pass");
    decide(authenticator, "bob:wrong");
    decide(authenticator, "eve:pass");
    gate.shut();
    decide(authenticator, "eve:pass");

    assertThat(authenticator.load()).isEqualTo(new LoginLoad(1, 0, 1, 2, 1, 1, 0));
  }

  /// One check takes some hundred milliseconds at this cost; twenty would take seconds. Counted by
  /// the checks that may run, not by time.
  @Test
  void remembersARightPasswordUntilItsLineChanges() throws IOException {
    BasicAuthenticator authenticator = with("alice:" + SECRET);
    assertThat(decide(authenticator, "alice:secret")).isInstanceOf(Decision.Granted.class);
    gate.shut();
    for (int i = 0; i < 20; i++) {
      assertThat(decide(authenticator, "alice:secret")).isEqualTo(granted("alice"));
    }
    assertThat(decide(authenticator, "alice:other")).isEqualTo(new Decision.Busy());

    Files.writeString(file(), "alice:" + PASS);

    assertThat(decide(authenticator, "alice:secret")).isEqualTo(new Decision.Busy());
  }

  @Test
  void holdsAnswersToWrongPasswordsBackLongerEachTimeAndOthersNever() throws IOException {
    Authenticator authenticator = with("bob:" + PASS);
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      if (decide(authenticator, "bob:wrong")
          instanceof Decision.Unknown(String _, Duration delay)) {
        delays.add(delay.toMillis());
      }
    }

    assertThat(delays).containsExactly(50L, 100L, 200L, 400L, 800L, 1600L, 3200L, 3200L, 3200L);
    assertThat(decide(authenticator, "bob:pass")).isEqualTo(granted("bob"));
    assertThat(authenticator.decide(basic("bob:wrong"), "10.0.0.8", PING))
        .isEqualTo(new Decision.Unknown("Basic realm=\"the images\"", Duration.ofMillis(50)));
  }

  @Test
  void readsAChangedFileAgainHoweverItWasReplaced() throws IOException {
    Authenticator authenticator = with("bob:" + PASS);
    Path other = Files.writeString(folder.resolve("..data-2"), "eve:" + PASS);
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, other);

    Files.move(link, file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertThat(decide(authenticator, "eve:pass")).isEqualTo(granted("eve"));
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Unknown.class);
  }

  @Test
  void keepsTheLastGoodLoginsWhereTheFileBreaksOrGoes() throws IOException {
    Authenticator authenticator = with("bob:" + PASS);

    Files.writeString(file(), "no colon");
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Granted.class);
    Files.delete(file());
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Granted.class);
    Files.writeString(file(), "");
    assertThat(decide(authenticator, "bob:pass")).isInstanceOf(Decision.Unknown.class);
  }

  @Test
  void refusesAFileThatIsNone() throws IOException {
    assertThatThrownBy(() -> with("bob:" + PASS + "\nwhat?\n"))
        .isInstanceOf(UnusableFile.class)
        .hasMessageStartingWith("auth.htpasswd.path: " + file() + ": line 2 is no name:hash");
    Files.delete(file());
    assertThatThrownBy(() -> new HtpasswdLogins(file(), gate, null, reload))
        .isInstanceOf(UnusableFile.class)
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
        .startsWith("line 1: the hash of a is neither bcrypt");
  }

  /// Else the time of a login would tell the names whose hash costs less, or more, than the others.
  @Test
  void unknownNamesTakeAsLongAsKnownOnes() {
    PasswordFile file = PasswordFile.parse("a:" + PASS + "\nb:" + SECRET + "\nc:" + SECRET);

    List<String> costs =
        IntStream.range(0, 300).mapToObj(i -> file.dummy("x" + i).substring(0, 7)).toList();
    assertThat(costs).filteredOn("$2y$05$"::equals).hasSizeBetween(50, 150);
    assertThat(costs).filteredOn("$2y$12$"::equals).hasSizeBetween(150, 250);
    assertThat(file.dummy("x1")).isEqualTo(file.dummy("x1"));
    assertThat(PasswordFile.parse("").dummy("x")).startsWith("$2y$10$");
  }

  /// An empty name and password are what `containers/image` sends without a login.
  @Test
  void whoGivesNoNameIsAnonymous() throws IOException {
    Authenticator authenticator = with("bob:" + PASS);

    assertThat(decide(authenticator, ":"))
        .isEqualTo(authenticator.decide(Optional.empty(), CLIENT, PING))
        .isEqualTo(new Decision.Unknown("Basic realm=\"the images\"", Duration.ZERO));
  }

  @Test
  void asksOthersForNamesThatAreNotInTheFile() throws IOException {
    Authenticator authenticator = with("bob:" + PASS, new Others());

    assertThat(decide(authenticator, "bob:pass")).isEqualTo(granted("bob"));
    assertThat(decide(authenticator, "eve:x"))
        .isEqualTo(new Decision.Granted(new Caller("eve", Set.of("staff")), Sight.ALL));
    assertThat(decide(authenticator, "away:x")).isEqualTo(new Decision.Unavailable());
    assertThat(decide(authenticator, "bob:x")).isInstanceOf(Decision.Unknown.class);
  }

  @Test
  void askedAgainOnceWhatTheyGaveIsOld() throws IOException {
    var others = new Others();
    Authenticator authenticator = with("locked:!\n", others);
    assertThat(decide(authenticator, "locked:pass")).isInstanceOf(Decision.Unknown.class);
    assertThat(others.asked).isEmpty();
    for (int i = 0; i < 3; i++) {
      assertThat(decide(authenticator, "short:x")).isInstanceOf(Decision.Granted.class);
      assertThat(decide(authenticator, "eve:x")).isInstanceOf(Decision.Granted.class);
    }

    assertThat(others.asked).containsExactly("short", "eve", "short", "short");
  }

  /// Else each would hold a thread that readers need for as long as all checks before it take.
  @Test
  void theSameLoginManyTimesAtOnceIsCheckedOnce() throws IOException, InterruptedException {
    var others = new Others();
    Authenticator authenticator = with("", others);
    List<Decision> decisions = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      threads.add(
          Thread.ofPlatform().start(() -> decisions.add(decide(authenticator, "slow:wrong"))));
    }
    while (threads.stream().filter(t -> t.getState() == Thread.State.TIMED_WAITING).count() < 19) {
      Thread.onSpinWait();
    }
    others.slow.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(others.asked).containsExactly("slow");
    assertThat(decisions).hasSize(20).allMatch(Decision.Unknown.class::isInstance);
  }

  /// Each that waits holds a thread: those who guess get few of them.
  @Test
  @Timeout(60)
  void whoHasJustFailedWaitsWithFew() throws InterruptedException {
    var others = new Others();
    var authenticator =
        new BasicAuthenticator("x", others, Rights.OF_ANY_LOGIN, new SecureRandom());
    List<Thread> threads = new ArrayList<>();
    Thread first = Thread.ofPlatform().start(() -> decide(authenticator, "slow:wrong"));
    while (others.asked.isEmpty()) {
      Thread.onSpinWait();
    }
    others.slow.countDown();
    first.join();
    others.slow = new CountDownLatch(1);

    List<Decision> decisions = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 20; i++) {
      threads.add(
          Thread.ofPlatform().start(() -> decisions.add(decide(authenticator, "slow:wrong"))));
    }
    while (decisions.size() < 10) {
      Thread.onSpinWait();
    }
    assertThat(List.copyOf(decisions)).allMatch(Decision.Busy.class::isInstance);
    assertThat(authenticator.decide(basic("anna:x"), "another client", PING))
        .isInstanceOf(Decision.Granted.class);
    others.slow.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(decisions).hasSize(20);
  }

  private static final class Others implements Logins {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile CountDownLatch slow = new CountDownLatch(1);

    @Override
    public Login find(String name) {
      return new Login() {
        @Override
        public String mark() {
          return "";
        }

        @Override
        public Outcome check(String password) {
          asked.add(name);
          if (name.equals("slow")) {
            awaitSlow();
            return new Outcome.Wrong();
          }
          Duration life = name.equals("short") ? Duration.ZERO : Duration.ofMinutes(1);
          return name.equals("away")
              ? new Outcome.Unavailable()
              : new Outcome.Right(name, Set.of("staff"), life);
        }
      };
    }

    private void awaitSlow() {
      try {
        slow.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
