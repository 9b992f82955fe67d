package dev.berth.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.AuditConfig;
import dev.berth.config.BerthAdditions;
import dev.berth.config.BerthConfig;
import dev.berth.config.CatalogConfig;
import dev.berth.config.DataSize;
import dev.berth.config.DebugConfig;
import dev.berth.config.DescriptorCache;
import dev.berth.config.EventQueueConfig;
import dev.berth.config.FilesystemStorage;
import dev.berth.config.Glob;
import dev.berth.config.HealthConfig;
import dev.berth.config.HtpasswdAuth;
import dev.berth.config.HttpConfig;
import dev.berth.config.LdapConfig;
import dev.berth.config.Limits;
import dev.berth.config.ListenAddress;
import dev.berth.config.LogConfig;
import dev.berth.config.LogFormat;
import dev.berth.config.LogLevel;
import dev.berth.config.MissingReferences;
import dev.berth.config.NotificationsConfig;
import dev.berth.config.PolicyConfig;
import dev.berth.config.RedisConfig;
import dev.berth.config.ReferencedBlobs;
import dev.berth.config.Secret;
import dev.berth.config.SpaceConfig;
import dev.berth.config.StorageConfig;
import dev.berth.config.TlsConfig;
import dev.berth.config.TlsVersion;
import dev.berth.config.TokenAuth;
import dev.berth.config.UploadPurging;
import dev.berth.config.UrlPattern;
import dev.berth.config.ValidationConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class EveryKeyTest {
  @Test
  void everyKeyReachesItsValue() throws IOException {
    BerthConfig config = Loading.load(everyKey()).config();

    assertThat(config.log())
        .isEqualTo(
            new LogConfig(
                LogLevel.DEBUG, LogFormat.JSON, Map.of("service", "images", "zone", "7"), true));
    assertThat(config.storage())
        .isEqualTo(
            new StorageConfig(
                new FilesystemStorage(Path.of("/srv/images")),
                true,
                true,
                DescriptorCache.REDIS,
                new UploadPurging(false, Duration.ofMinutes(90), Duration.ofMinutes(10), true)));
    assertThat(config.http())
        .isEqualTo(
            new HttpConfig(
                new ListenAddress("::1", 5001),
                "/my/registry/",
                URI.create("https://registry.example.com:8443"),
                new Secret("0123"),
                true,
                Duration.ofMinutes(1),
                Map.of(
                    "X-Content-Type-Options", List.of("nosniff"),
                    "Access-Control-Allow-Origin", List.of("*", "https://example.com")),
                new TlsConfig(
                    Path.of("/etc/berth/tls.crt"),
                    Path.of("/etc/berth/tls.key"),
                    List.of(Path.of("/etc/berth/ca.crt")),
                    TlsVersion.V1_3,
                    List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                    false),
                new DebugConfig(new ListenAddress("localhost", 5002), true, "/numbers")));
    assertThat(config.catalog()).isEqualTo(new CatalogConfig(77));
    assertThat(config.validation())
        .isEqualTo(
            new ValidationConfig(
                true,
                List.of(new UrlPattern("^https://example\\.com/")),
                List.of(new UrlPattern("secret"))));
  }

  @Test
  void everyKeyOfRedisReachesItsValue() throws IOException {
    var sentinel = new RedisConfig.Sentinel("primary", login("watcher", "quiet"));
    var tls =
        new RedisConfig.Tls(
            List.of(Path.of("/r/ca.crt")), Path.of("/r/tls.crt"), Path.of("/r/tls.key"));
    assertThat(Loading.load(everyKey()).config().redis())
        .isEqualTo(
            new RedisConfig(
                List.of(new ListenAddress("s1", 26_379), new ListenAddress("s2", 26_379)),
                login("berth", "hush"),
                5,
                sentinel,
                tls,
                "images",
                Duration.ofSeconds(3),
                Duration.ofMillis(20)));
  }

  private static RedisConfig.Login login(String username, String password) {
    return new RedisConfig.Login(username, new Secret(password));
  }

  @Test
  void everyKeyOfLoginsReachesItsValue() throws IOException {
    assertThat(Loading.load(everyKey()).config().auth())
        .isEqualTo(new HtpasswdAuth("the images", Path.of("/etc/berth/users")));
  }

  @Test
  void everyKeyOfTokensReachesItsValue() throws IOException {
    String yaml = tokens();
    assertThat(Loading.load(yaml).config().auth())
        .isEqualTo(
            new TokenAuth(
                "https://auth.example/token",
                "the images",
                "the service",
                Path.of("/etc/berth/bundle.pem"),
                Path.of("/etc/berth/keys.json"),
                List.of("ES256", "RS256"),
                "/auth/here"));
    assertThat(Loading.load(yaml.replace("autoredirect: true", "autoredirect: false")).config())
        .extracting(BerthConfig::auth)
        .extracting(auth -> ((TokenAuth) auth).autoRedirectPath())
        .isNull();
  }

  @Test
  void everyKeyOfHealthReachesItsValue() throws IOException {
    assertThat(Loading.load(everyKey()).config().health())
        .isEqualTo(
            new HealthConfig(
                new HealthConfig.StorageCheck(true, Duration.ofSeconds(11), 3),
                List.of(
                    new HealthConfig.FileCheck(Path.of("/tmp/down"), Duration.ofSeconds(12), 2)),
                List.of(
                    new HealthConfig.HttpCheck(
                        URI.create("http://127.0.0.1:1/up"),
                        Map.of("X-A", List.of("b")),
                        204,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(13),
                        4)),
                List.of(
                    new HealthConfig.TcpCheck(
                        new ListenAddress("127.0.0.1", 2),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(14),
                        5))));
  }

  @Test
  void everyKeyOfNotificationsReachesItsValue() throws IOException {
    assertThat(Loading.load(everyKey()).config().notifications())
        .isEqualTo(
            new NotificationsConfig(
                true,
                List.of(
                    new NotificationsConfig.Endpoint(
                        "bell",
                        URI.create("https://u:p@bell.example.com/x"),
                        Map.of("Authorization", List.of("Bearer abc")),
                        Duration.ofSeconds(2),
                        3,
                        Duration.ofSeconds(4),
                        Set.of("application/octet-stream", "a/b"),
                        Set.of("pull")))));
  }

  @Test
  void everyKeyOfOurOwnReachesItsValue() throws IOException {
    assertThat(Loading.load(everyKey()).config().berth())
        .isEqualTo(
            new BerthAdditions(
                MissingReferences.ACCEPT,
                ReferencedBlobs.ALLOW,
                true,
                new SpaceConfig(DataSize.ofMebibytes(1), DataSize.ofMebibytes(2048)),
                new EventQueueConfig(
                    DataSize.ofMebibytes(3),
                    DataSize.ofKibibytes(64),
                    DataSize.ofMebibytes(2),
                    Duration.ofHours(1)),
                new AuditConfig("/var/log/audit.jsonl", false),
                new Limits(
                    new Limits.Requests(
                        DataSize.ofMebibytes(5),
                        DataSize.ofKibibytes(16),
                        DataSize.ofKibibytes(8),
                        9),
                    new Limits.Threads(3, 4, 5, 6),
                    new Limits.Connections(
                        99,
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(4),
                        Duration.ofMinutes(5),
                        DataSize.ofKibibytes(2))),
                new PolicyConfig(
                    Map.of("developers", List.of("alice", "bob")),
                    List.of(
                        new PolicyConfig.Rule(
                            "config.yml:99",
                            List.of("anyone"),
                            List.of(PolicyConfig.Right.PULL),
                            List.of(new Glob("public/**"))),
                        new PolicyConfig.Rule(
                            "config.yml:100",
                            List.of("group:developers", "ci"),
                            List.of(PolicyConfig.Right.PUSH, PolicyConfig.Right.DELETE),
                            List.of(Glob.EVERYTHING))),
                    List.of(
                        new PolicyConfig.ImmutableTags(
                            List.of(new Glob("apps/*")), List.of(new Glob("v*")))),
                    true),
                new LdapConfig(
                    "the people",
                    List.of(
                        URI.create("ldaps://one.example:3269"), URI.create("ldaps://two.example")),
                    Path.of("/etc/berth/ldap.crt"),
                    new LdapConfig.Users(
                        /* dn= */ null,
                        "cn=berth,dc=example",
                        new Secret("pass"),
                        "ou=people,dc=example",
                        "(cn={name})"),
                    new LdapConfig.Groups(
                        "isMemberOf", "ou=groups,dc=example", "(uniqueMember={dn})", "ou"),
                    Duration.ofSeconds(4),
                    Duration.ofMinutes(2),
                    9),
                Path.of("/etc/berth/admin-token")));
  }

  /// So that a new key cannot be left out of the file that the tests above read.
  @Test
  void theFileHoldsEveryKeyThatWorksAndNoDefault() throws IOException {
    LoadedConfig loaded = Loading.load(everyKey());

    holdsNoDefault(
        loaded, key -> !key.startsWith("auth.token.") && !key.equals("berth.auth.ldap.userdn"));
    holdsNoDefault(
        Loading.load(file("every-key-of-direct-bind.yml")), "berth.auth.ldap.userdn"::equals);
    holdsNoDefault(Loading.load(tokens()), key -> key.startsWith("auth.token."));
  }

  private static void holdsNoDefault(LoadedConfig loaded, Predicate<String> keys) {
    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.unknown()).isEmpty();
    assertThat(loaded.effective().stream().filter(setting -> keys.test(setting.key())))
        .isNotEmpty()
        .allSatisfy(setting -> assertThat(setting.origin()).isInstanceOf(Origin.Line.class))
        .allSatisfy(setting -> assertThat(setting.value()).isNotEqualTo(fallback(setting.key())));
  }

  @Test
  void theLeastConfigurationGivesTheDefaults() {
    assertThat(Loading.load(Loading.MINIMAL).config()).isEqualTo(BerthConfig.DEFAULTS);
  }

  private static String fallback(String path) {
    return Schema.BERTH.entries().stream()
        .filter(entry -> entry.path().replace("[]", "").equals(path))
        .map(entry -> entry instanceof Key<?> key ? key.showFallback() : "")
        .findFirst()
        .orElseThrow();
  }

  private static String everyKey() throws IOException {
    return file("every-key.yml");
  }

  /// A file has one kind of login, so these keys have one of their own.
  private static String tokens() throws IOException {
    return file("every-key-of-tokens.yml");
  }

  private static String file(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(EveryKeyTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
