package dev.berth.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logins by a directory: the real `slapd`.
final class LdapIT {
  private static final String UPLOADS = "/v2/apps/a/blobs/uploads/";
  private static final String SEARCH =
      "base: \"ou=people,dc=example,dc=com\", binddn: \"%s\", bindpassword: pass-berth"
          .formatted(Slapd.SEARCHER);
  private static final String DIRECT = "userdn: \"uid={name},ou=people,dc=example,dc=com\"";
  private static final String GROUPS = ", groupbase: \"ou=groups,dc=example,dc=com\"";

  @TempDir private Path folder;

  private Path curl;
  private Slapd slapd;

  @BeforeEach
  void startDirectory() throws IOException {
    curl = Tools.get("curl");
    slapd =
        Slapd.start(
            Files.createDirectory(folder.resolve("slapd")),
            LoopbackPorts.free(),
            LoopbackPorts.free());
  }

  @AfterEach
  void stopDirectory() {
    if (slapd != null) {
      slapd.close();
    }
  }

  private RunningRegistry berth(String scheme, String users) {
    return berth(scheme, "127.0.0.1", users, "");
  }

  /// @param more of the configuration, `auth` and what stands below `berth`
  private RunningRegistry berth(String scheme, String host, String users, String more) {
    int port = scheme.equals("ldaps") ? slapd.tls() : slapd.plain();
    return Registries.BERTH.start(
        RegistryConfig.on(folder.resolve("registry"))
            .withExtra(
                """
                berth:
                  rollback: unprotected
                  auth:
                    ldap: {url: "%s://%s:%d", ca: %s, timeout: 2s, remember: 5m, %s}
                %s"""
                    .formatted(scheme, host, port, slapd.certificate(), users, more)));
  }

  private int status(RunningRegistry registry, String login, String... more) {
    List<String> words = List.of("-s", "-o", "/dev/null", "-w", "%{http_code}", "--user", login);
    String path = more.length == 0 ? "/v2/" : more[more.length - 1];
    var line = new ArrayList<Object>(List.of(curl));
    line.addAll(words);
    for (int i = 0; i < more.length - 1; i++) {
      line.add(more[i]);
    }
    line.add("http://" + registry.host() + path);
    return Integer.parseInt(Program.of(line.toArray()).run().text());
  }

  @Test
  void knowsUsersByASearchAndABind() {
    try (RunningRegistry registry = berth("ldaps", SEARCH)) {
      assertThat(status(registry, "alice:pass-alice")).isEqualTo(200);
      assertThat(status(registry, "bob:pass-bob")).isEqualTo(200);
      refuses(registry);
      assertThat(registry.log()).doesNotContain("pass-");
    }
  }

  @Test
  void knowsUsersByTheirNameAloneOverStartTls() {
    try (RunningRegistry registry = berth("ldap", DIRECT)) {
      assertThat(status(registry, "alice:pass-alice")).isEqualTo(200);
      refuses(registry);
      assertThat(registry.log()).doesNotContain("pass-");
    }
  }

  /// An empty password is a bind that always works; the others would find somebody if they were put
  /// into a filter or a name as they are.
  private void refuses(RunningRegistry registry) {
    for (String login :
        List.of(
            "alice:",
            "alice:pass-bob",
            "nobody:pass-alice",
            "*:pass-alice",
            "al*:pass-alice",
            "alice)(uid=*:pass-alice",
            "alice)(|(uid=*:pass-alice",
            "x)(|(uid=alice):pass-alice",
            "alice,ou=people,dc=example,dc=com:pass-alice",
            "alice+cn=alice:pass-alice",
            "\\61lice:pass-alice",
            " :pass-alice")) {
      assertThat(status(registry, login)).as(login).isEqualTo(401);
    }
  }

  @Test
  void groupsHaveTheRightsOfThePolicy() {
    String policy =
        """
          policy:
            rules:
              - {who: authenticated, may: pull}
              - {who: "group:developers", may: push, in: apps/**}
              - {who: "group:operators", may: admin}
        """;
    for (String users : List.of(SEARCH, DIRECT)) {
      // In a direct bind users see but themselves: groups come from their own entry.
      boolean direct = users.equals(DIRECT);
      try (RunningRegistry registry =
          berth("ldaps", "127.0.0.1", users + (direct ? "" : GROUPS), policy)) {
        assertThat(status(registry, "alice:pass-alice", "-X", "POST", UPLOADS)).isEqualTo(202);
        assertThat(status(registry, "carl:pass-carl", "-X", "POST", UPLOADS)).isEqualTo(403);
        assertThat(status(registry, "carl:pass-carl", "/v2/apps/a/tags/list")).isEqualTo(404);
        assertThat(status(registry, "bob:pass-bob", "-X", "POST", "/v2/other/blobs/uploads/"))
            .isEqualTo(direct ? 403 : 202);
        assertThat(status(registry, "alice:pass-alice", "-X", "POST", "/v2/other/blobs/uploads/"))
            .isEqualTo(403);
      }
    }
  }

  /// 127.0.0.2 is not in the certificate, but other names of this machine are.
  @ParameterizedTest
  @ValueSource(strings = {"ldaps", "ldap"})
  void aCertificateForAnotherHostIsNotTaken(String scheme) {
    for (String host : List.of("localhost", "127.0.0.1")) {
      try (RunningRegistry registry = berth(scheme, host, SEARCH, "")) {
        assertThat(status(registry, "alice:pass-alice")).as(host).isEqualTo(200);
      }
    }
    try (RunningRegistry registry = berth(scheme, "127.0.0.2", SEARCH, "")) {
      assertThat(status(registry, "alice:pass-alice")).isEqualTo(503);
      assertThat(registry.log())
          .contains("the directory cannot be asked", "127.0.0.2")
          .doesNotContain("pass-");
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsNotTaken() throws IOException {
    Path other = TestCertificate.make(folder, "other").certificate();
    Files.copy(other, slapd.certificate(), StandardCopyOption.REPLACE_EXISTING);
    try (RunningRegistry registry = berth("ldap", SEARCH)) {
      assertThat(status(registry, "alice:pass-alice")).isEqualTo(503);
    }
  }

  @Test
  void whileTheDirectoryIsAwayOnlyThoseSeenBeforeAreLetIn() {
    try (RunningRegistry registry = berth("ldaps", SEARCH)) {
      assertThat(status(registry, "alice:pass-alice")).isEqualTo(200);
      slapd.close();
      for (int i = 0; i < 5; i++) {
        assertThat(status(registry, "alice:pass-alice")).isEqualTo(200);
        assertThat(status(registry, "bob:pass-bob")).isEqualTo(503);
      }
      assertThat(status(registry, "alice:pass-bob")).isEqualTo(503);
      slapd = slapd.again();
      Waiting.until(
          "bob is known", Duration.ofSeconds(10), () -> status(registry, "bob:pass-bob") == 200);
      assertThat(status(registry, "alice:pass-bob")).isEqualTo(401);
    }
  }

  @Test
  void namesInTheFileComeFirst() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "robot:" + LoginContract.HASH + "\n");
    String file = "auth: {htpasswd: {realm: r, path: %s}}\n".formatted(users);
    try (RunningRegistry registry = berth("ldaps", "127.0.0.1", SEARCH, file)) {
      assertThat(status(registry, "robot:" + LoginContract.PASSWORD)).isEqualTo(200);
      assertThat(status(registry, "robot:pass-robot")).isEqualTo(401);
      assertThat(status(registry, "alice:pass-alice")).isEqualTo(200);
      slapd.close();
      assertThat(status(registry, "robot:" + LoginContract.PASSWORD)).isEqualTo(200);
    }
  }

  /// A directory takes them for the same name; the file means that of the directory.
  @Test
  void aNameHasTheSameRightsHoweverItIsWritten() throws IOException {
    Path users = Files.writeString(folder.resolve("users"), "robot:!locked\nBob:!locked\n");
    String file = "auth: {htpasswd: {realm: r, path: %s}}\n".formatted(users);
    String policy =
        """
          policy:
            rules:
              - {who: alice, may: push, in: apps/**}
        """;
    for (String way : List.of(SEARCH, DIRECT)) {
      try (RunningRegistry registry = berth("ldaps", "127.0.0.1", way, policy + file)) {
        for (String name : List.of("robot", "Robot", "ROBOT", " robot", "robot ", "bob", "BOB")) {
          String login = name + ":pass-" + name.strip().toLowerCase(Locale.ROOT);
          assertThat(status(registry, login)).as("'%s', %s", name, way).isEqualTo(401);
        }
        for (String name : List.of("alice", "Alice", " ALICE ")) {
          assertThat(status(registry, name + ":pass-alice", "-X", "POST", UPLOADS))
              .as("'%s', %s", name, way)
              .isEqualTo(202);
        }
        for (String name : List.of("alice\u00ad", "\uff41lice", "ali\u200bce")) {
          assertThat(status(registry, name + ":pass-alice")).as("'%s'", name).isEqualTo(401);
        }
      }
    }
  }

  /// Who logs in by a direct bind looks for groups with rights of their own.
  @Test
  void whoMayNotLookForGroupsIsLetInWithoutThemAndHarmsNobody() {
    String noSuch = DIRECT + ", groupbase: \"ou=nowhere,dc=example,dc=com\"";
    try (RunningRegistry registry = berth("ldaps", noSuch)) {
      for (int i = 0; i < 3; i++) {
        assertThat(status(registry, "alice:pass-alice")).isEqualTo(200);
        assertThat(status(registry, "carl:pass-carl")).isEqualTo(200);
        assertThat(status(registry, "carl:wrong")).isEqualTo(401);
      }
    }
  }
}
