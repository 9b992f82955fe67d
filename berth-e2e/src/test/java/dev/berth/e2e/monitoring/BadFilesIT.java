package dev.berth.e2e.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that the configuration names and that are broken: the table of `docs/configuration.md`.
class BadFilesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String BOB =
      "bob:$2y$05$3vTlYGPPPAV.x75VqyA6E.Pt.tUcfgK.vPbAk2cr1WLl3wLu/vO/i\n";

  @TempDir private Path folder;
  private TestCertificate one;
  private TestCertificate other;

  @BeforeEach
  void write() throws IOException {
    one = TestCertificate.make(folder, "one");
    other = TestCertificate.make(folder, "other");
    Files.writeString(folder.resolve("good"), BOB);
    Files.writeString(folder.resolve("noline"), BOB + "what is this\n");
    Files.writeString(folder.resolve("nohash"), BOB + "anna:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=\n");
    Files.writeString(folder.resolve("empty"), "");
    Files.writeString(folder.resolve("token"), "0123456789abcdef0123456789abcdef\n");
    Files.createDirectory(folder.resolve("folder"));
    ended(folder);
  }

  /// A pair, named `ended`, that ended in 2020.
  private static void ended(Path folder) {
    Program.of(
            "sh",
            "-c",
            "cd \"$1\" && openssl req -new -newkey rsa:2048 -nodes -subj /CN=ended -keyout ended.key"
                + " -out ended.csr && : >index && echo 01 >serial && printf"
                + " '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\nserial=serial\\nnew_certs_dir=.\\n"
                + "default_md=sha256\\npolicy=p\\n[p]\\ncommonName=supplied\\n' >ca.cnf &&"
                + " openssl ca -batch -config ca.cnf -selfsign -keyfile ended.key -in ended.csr"
                + " -out ended.crt -notext -startdate 20200101000000Z -enddate 20200201000000Z",
            "sh",
            folder)
        .run();
  }

  private String placed(String yaml) {
    return yaml.replace("@", folder + "/");
  }

  private static String htpasswd(String file) {
    return "auth: {htpasswd: {realm: r, path: " + file + "}}\n";
  }

  private static String token(String keys) {
    return "auth: {token: {realm: 'http://a/', service: s, issuer: i, " + keys + "}}\n";
  }

  private static String tls(String certificate, String key, String more) {
    return "  tls: {certificate: %s, key: %s%s}\n".formatted(certificate, key, more);
  }

  /// In the environment, where the harness sees that it cannot ask as it asks others.
  private static Map<String, String> certificate(Path certificate, Path key) {
    return Map.of(
        "REGISTRY_HTTP_TLS_CERTIFICATE", certificate.toString(),
        "REGISTRY_HTTP_TLS_KEY", key.toString());
  }

  private String extra(String kind, String file) {
    return placed(
        switch (kind) {
          case "auth.htpasswd.path" -> htpasswd(file);
          case "rootcertbundle", "jwks" -> token(kind + ": " + file);
          case "certificate" -> tls(file, "@one.key", "");
          case "key" -> tls("@one.crt", file, "");
          case "clientcas" -> tls("@one.crt", "@one.key", ", clientcas: [" + file + "]");
          case "berth.admin.tokenfile" ->
              htpasswd("@good") + "berth: {admin: {tokenfile: " + file + "}}\n";
          case "berth.auth.ldap.ca" ->
              "berth: {rollback: unprotected, auth: {ldap: {url: 'ldaps://localhost', ca: "
                  + file
                  + ", userdn: 'uid={name},dc=a'}}}\n";
          default -> throw new IllegalArgumentException(kind);
        });
  }

  private Program.Outcome serve(String extra) throws IOException {
    Path file = folder.resolve("config.yml");
    Files.writeString(file, RegistryConfig.on(folder.resolve("store")).withExtra(extra).yaml(1));
    return Program.of(Registries.berth(), "serve", file).outcome();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth.htpasswd.path    | @none   | auth.htpasswd.path: @none: no such file of logins
          auth.htpasswd.path    | @folder | auth.htpasswd.path: @folder: cannot be read: Is a directory
          auth.htpasswd.path    | @noline | auth.htpasswd.path: @noline: line 2 is no name:hash
          rootcertbundle        | @none   | auth.token: @none: no such file
          rootcertbundle        | @noline | auth.token: @noline: holds no certificate
          jwks                  | @noline | auth.token: @noline: is no JSON Web Key Set
          certificate           | @none   | http.tls: @none: no such file
          certificate           | @noline | http.tls: @noline: is no PEM file of certificates
          certificate           | @other.crt | http.tls cannot be used: the key in http.tls.key is not that of the certificate
          key                   | @folder | http.tls: @folder: cannot be read: Is a directory
          key                   | @noline | http.tls cannot be used: Missing -----BEGIN PRIVATE KEY
          clientcas             | @noline | http.tls: @noline: is no PEM file of certificates
          berth.admin.tokenfile | @empty  | berth.admin.tokenfile: @empty: holds no token
          berth.auth.ldap.ca    | @noline | berth.auth.ldap.ca: @noline
          """)
  void refusesToStartAndSaysWhichAndWhy(String kind, String file, String message)
      throws IOException {
    Program.Outcome ended = serve(extra(kind, file));

    assertThat(ended.exit()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.err().lines().toList())
        .last()
        .asString()
        .startsWith("berth: " + placed(message));
  }

  @Test
  void refusesAPolicyWithAKeyThatNobodyKnows() throws IOException {
    Program.Outcome ended =
        serve(
            placed(htpasswd("@good"))
                + "berth: {policy: {rules: [{who: bob, may: pull, on: a}]}}\n");

    assertThat(ended.exit()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.err()).contains("config.yml:").contains("berth.policy.rules.on: unknown key");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auth.htpasswd.path | @nohash | @nohash: line 2: the hash of anna is neither bcrypt
          auth.htpasswd.path | @empty  | @empty: holds no login, so nobody can log in
          """)
  void startsAndSaysWhatIsUseless(String kind, String file, String message) {
    try (var berth =
        Monitored.start(Registries.BERTH, folder.resolve("s"), Map.of(), extra(kind, file))) {
      assertThat(berth.registry().log()).contains(placed(message));
    }
  }

  @Test
  void startsWithACertificateThatHasEnded() {
    try (var berth =
        Monitored.start(
            Registries.BERTH,
            folder.resolve("s"),
            certificate(folder.resolve("ended.crt"), folder.resolve("ended.key")))) {
      assertThat(berth.registry().log())
          .contains(folder.resolve("ended.crt") + ": a certificate ended 2020-02-01");
      assertThat(berth.scrape().get("berth_certificate_expiry_timestamp_seconds"))
          .isEqualTo(1_580_515_200.0);
    }
  }

  @Test
  void startsWhereNobodyAnswersBesideTheStore() {
    try (var berth =
        Monitored.start(
            Registries.BERTH,
            folder.resolve("s"),
            Map.of("REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR", "redis"),
            """
            redis: {addr: '127.0.0.1:1', password: wrong}
            notifications:
              endpoints: [{name: hook, url: 'http://127.0.0.1:1/', timeout: 1s, threshold: 1, backoff: 1s}]
            """)) {
      berth.client().pushBlob("a", new byte[] {1});
      Waiting.until("Redis", PATIENCE, () -> berth.registry().log().contains("Redis"));
      assertThat(berth.scrape().get("berth_redis_up")).isZero();
    }
  }

  /// Breaks a file and mends it.
  private static void breaks(Monitored berth, String key, Path file, String bad)
      throws IOException {
    String metric = "berth_reload_failed[key=\"" + key + "\"]";
    String before = Files.readString(file);
    Files.writeString(file, bad);
    Waiting.until(key + " is seen", PATIENCE, () -> berth.scrape().get(metric) == 1);
    assertThat(berth.get("/debug/health")).contains("\"reload_" + key + "\":\"");
    assertThat(berth.registry().log())
        .containsPattern(key + ": .*; what it held before still holds");
    assertThat(berth.get("/readyz")).startsWith("ok");
    Files.writeString(file, before);
    Waiting.until(key + " is mended", PATIENCE, () -> berth.scrape().get(metric) == 0);
    assertThat(berth.get("/debug/health")).isEqualTo("{}");
  }

  @Test
  void keepsWhatItHeldWhereAFileIsBrokenLater() throws IOException {
    String more = placed(htpasswd("@good") + "berth: {admin: {tokenfile: @token}}\n");
    try (var berth =
        Monitored.start(
            Registries.BERTH,
            folder.resolve("s"),
            certificate(one.certificate(), one.key()),
            more)) {
      breaks(berth, "auth.htpasswd.path", folder.resolve("good"), BOB + "what is this\n");
      breaks(berth, "berth.admin.tokenfile", folder.resolve("token"), "short\n");
      breaks(berth, "http.tls", one.certificate(), "no certificate\n");
      breaks(berth, "http.tls", one.key(), Files.readString(other.key()));
    }
  }

  @Test
  void keepsTheKeysOfTokensThatItHeld() throws IOException {
    String more = placed(token("rootcertbundle: @one.crt"));
    try (var berth = Monitored.start(Registries.BERTH, folder.resolve("s"), Map.of(), more)) {
      breaks(berth, "auth.token", one.certificate(), "no certificate\n");
    }
  }
}
