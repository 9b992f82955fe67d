package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCommandTest {
  private static final String CONFIG =
      """
      version: 0.1
      storage: inmemory
      auth: {htpasswd: {realm: r, path: /users}}
      berth:
        policy:
          rules:
            - {who: anyone, may: pull, in: public/**}
            - {who: "group:dev", may: push, in: apps/*}
            - {who: alice, may: [push, delete], in: apps/*}
          groups: {dev: [bob]}
          immutable: [{tags: v*}]
      """;

  @TempDir private Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int test(String config, String... words) throws IOException {
    Path file = Files.writeString(folder.resolve("config.yml"), config);
    List<String> all = new ArrayList<>(List.of("test", file.toString()));
    all.addAll(List.of(words));
    return new PolicyCommand().run(console(), all);
  }

  private Console console() {
    return new Console(
        "berth",
        "1",
        Map.of(),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        _ -> {},
        () -> "",
        InputStream.nullInputStream(),
        Runnable::run,
        InstantSource.system(),
        false);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bob push apps/web | allowed: config.yml:8 lets bob push in apps/web",
        "bob pull apps/web | allowed: config.yml:8 lets bob pull in apps/web",
        "carl push apps/web --group dev | allowed: config.yml:8 lets carl push in apps/web",
        "anyone pull public/a/b | allowed: config.yml:7 lets anyone pull in public/a/b",
        "alice delete apps/web --tag latest | allowed: config.yml:9 lets alice delete in apps/web",
      })
  void saysWhichLineAllows(String words, String answer) throws IOException {
    assertThat(test(CONFIG, words.split(" "))).isZero();
    assertThat(out()).isEqualTo(answer + "\n");
  }

  @Test
  void saysWhatIsNearWhereNothingAllows() throws IOException {
    assertThat(test(CONFIG, "bob", "delete", "apps/web")).isEqualTo(1);
    assertThat(out())
        .isEqualTo(
            """
            denied: no rule lets bob delete in apps/web
              config.yml:8 gives other rights here
              config.yml:9 gives it here to others
            """);
    out.reset();

    assertThat(test(CONFIG, "anyone", "push", "apps/web/x")).isEqualTo(1);
    assertThat(out()).isEqualTo("denied: no rule lets anyone push in apps/web/x\n");
  }

  @Test
  void knowsTagsThatStay() throws IOException {
    assertThat(test(CONFIG, "alice", "delete", "apps/web", "--tag", "v1")).isEqualTo(1);
    assertThat(out()).isEqualTo("denied: the tag is immutable by berth.policy.immutable\n");
    out.reset();

    assertThat(test(CONFIG, "alice", "push", "apps/web", "--tag", "v1")).isZero();
    assertThat(out()).endsWith("  but the tag is immutable: only where it is not there yet\n");
  }

  @Test
  void withoutAPolicyALoginMayDoEverything() throws IOException {
    String config = CONFIG.substring(0, CONFIG.indexOf("berth:"));

    assertThat(test(config, "bob", "admin", "x")).isZero();
    assertThat(test(config, "anyone", "pull", "x")).isEqualTo(1);
    assertThat(out()).contains("has no berth.policy, so whoever has a login may do everything");
    out.reset();

    String directory =
        """
        version: 0.1
        storage: inmemory
        berth:
          rollback: unprotected
          auth: {ldap: {url: 'ldaps://localhost', base: dc=a}}
        """;
    assertThat(test(directory, "anyone", "pull", "x")).isEqualTo(1);
    assertThat(out()).contains("denied: ", "so whoever has a login may do everything");
    out.reset();

    String token =
        """
        version: 0.1
        storage: inmemory
        auth: {token: {realm: 'http://a/', service: s, issuer: i, rootcertbundle: /bundle}}
        """;
    assertThat(test(token, "bob", "pull", "x")).isZero();
    assertThat(out()).contains("so a token alone says what its bearer may do");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bob",
        "bob push",
        "bob fly apps/web",
        "bob push Apps",
        "bob push apps --tag",
        "bob push apps --tag /",
        "bob push apps --user x",
        "bob push apps x y"
      })
  void whatMakesNoSenseIsStatusTwo(String words) throws IOException {
    assertThat(test(CONFIG, words.split(" "))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("berth: policy has one form: ");
  }

  @Test
  void aBrokenFileIsNamed() throws IOException {
    assertThat(test(CONFIG.replace("push, in", "fly, in"), "bob", "push", "apps/web")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("config.yml:8: berth.policy.rules");
  }
}
