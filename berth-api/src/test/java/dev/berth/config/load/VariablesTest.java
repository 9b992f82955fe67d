package dev.berth.config.load;

import static dev.berth.config.load.Loading.load;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.BerthConfig;
import dev.berth.config.DescriptorCache;
import dev.berth.config.FilesystemStorage;
import dev.berth.config.HtpasswdAuth;
import dev.berth.config.LogFormat;
import dev.berth.config.LogLevel;
import dev.berth.config.MissingReferences;
import dev.berth.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
  static Stream<Arguments> overrides() {
    return Stream.of(
        row("LOG_LEVEL", "debug", c -> c.log().level(), LogLevel.DEBUG),
        row("LOGLEVEL", "error", c -> c.log().level(), LogLevel.ERROR),
        row("LOG_FORMATTER", "logstash", c -> c.log().formatter(), LogFormat.LOGSTASH),
        row("LOG_FIELDS_SERVICE", "a", c -> c.log().fields(), Map.of("service", "a")),
        row("LOG_FIELDS", "{a: b}", c -> c.log().fields(), Map.of("a", "b")),
        row("LOG", "{level: warn}", c -> c.log().level(), LogLevel.WARN),
        row("LOG_ACCESSLOG_DISABLED", "true", c -> c.log().accessLogDisabled(), true),
        row(
            "STORAGE_FILESYSTEM_ROOTDIRECTORY",
            "/data",
            c -> c.storage().driver(),
            new FilesystemStorage(Path.of("/data"))),
        row("STORAGE_DELETE_ENABLED", "true", c -> c.storage().deleteEnabled(), true),
        row("STORAGE_DELETE_ENABLED", "on", c -> c.storage().deleteEnabled(), true),
        row("STORAGE_DELETE_ENABLED", "YES", c -> c.storage().deleteEnabled(), true),
        row("STORAGE_DELETE", "{enabled: true}", c -> c.storage().deleteEnabled(), true),
        row(
            "STORAGE_CACHE_BLOBDESCRIPTOR",
            "inmemory",
            c -> c.storage().cache(),
            DescriptorCache.INMEMORY),
        row("STORAGE_MAINTENANCE_READONLY_ENABLED", "true", c -> c.storage().readOnly(), true),
        row("STORAGE_MAINTENANCE_READONLY", "{enabled: true}", c -> c.storage().readOnly(), true),
        row(
            "STORAGE_MAINTENANCE_UPLOADPURGING_ENABLED",
            "false",
            c -> c.storage().uploadPurging().enabled(),
            false),
        row(
            "STORAGE_MAINTENANCE_UPLOADPURGING_AGE",
            "1h",
            c -> c.storage().uploadPurging().age(),
            Duration.ofHours(1)));
  }

  static Stream<Arguments> moreOverrides() {
    return Stream.of(
        row("HTTP_ADDR", "localhost:0", c -> c.http().addr().toString(), "localhost:0"),
        row("HTTP_SECRET", "0123", c -> new Secret("0123").equals(c.http().secret()), true),
        row("HTTP_SECRET", "a #b", c -> new Secret("a").equals(c.http().secret()), true),
        row(
            "HTTP_RELATIVEURLS",
            "true",
            c -> Objects.requireNonNull(c.http().relativeUrls()),
            true),
        row(
            "HTTP_DRAINTIMEOUT",
            "10s",
            c -> Objects.requireNonNull(c.http().drainTimeout()),
            Duration.ofSeconds(10)),
        row(
            "HTTP_HEADERS_X-A",
            "[b, c]",
            c -> c.http().headers(),
            Map.of("x-a", List.of("b", "c"))),
        row("HTTP_HEADERS", "{X-A: [b]}", c -> c.http().headers(), Map.of("X-A", List.of("b"))),
        row("HTTP_HOST", "https://a.example", c -> c.http().host() + "", "https://a.example"),
        row("CATALOG_MAXENTRIES", "5", c -> c.catalog().maxEntries(), 5),
        row("CATALOG_MAXENTRIES", "0", c -> c.catalog().maxEntries(), 1000),
        row(
            "HEALTH_STORAGEDRIVER_INTERVAL",
            "3s",
            c -> c.health().storageDriver().interval(),
            Duration.ofSeconds(3)),
        row("HEALTH_FILECHECKERS", "[{file: /down}]", c -> c.health().files().size(), 1),
        row("HEALTH_FILE", "[{file: /down}]", c -> c.health().files().size(), 1),
        row("HEALTH_TCPCHECKERS", "[{addr: 'a:1'}]", c -> c.health().tcps().size(), 1),
        row("HEALTH_HTTPCHECKERS", "[{uri: 'http://a'}]", c -> c.health().https().size(), 1),
        row("VALIDATION_DISABLED", "true", c -> c.validation().restricted(), false),
        row(
            "VALIDATION_MANIFESTS_URLS_ALLOW",
            "['^https://a/']",
            c -> c.validation().allows("https://a/b"),
            true),
        row(
            "BERTH_VALIDATION_MISSINGREFERENCES",
            "accept",
            c -> c.berth().missingReferences(),
            MissingReferences.ACCEPT),
        row(
            "BERTH_LIMITS_REQUESTS_MANIFEST",
            "1MiB",
            c -> c.berth().limits().requests().manifest().toString(),
            "1MiB"));
  }

  @ParameterizedTest(name = "{0}={1}")
  @MethodSource({"overrides", "moreOverrides"})
  void aVariableSetsItsKey(
      String name, String value, Function<BerthConfig, Object> read, Object expected) {
    LoadedConfig loaded = load(Loading.MINIMAL, Map.of("REGISTRY_" + name, value));

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.unknown()).isEmpty();
    assertThat(read.apply(loaded.config())).isEqualTo(expected);
  }

  @Test
  void aVariableForTheStorageReplacesAllOfIt() {
    String file =
        """
        version: 0.1
        storage:
          filesystem: {rootdirectory: /data}
          delete: {enabled: true}
        """;

    LoadedConfig loaded =
        load(
            file,
            Map.of(
                "REGISTRY_STORAGE",
                "inmemory",
                "REGISTRY_STORAGE_CACHE_BLOBDESCRIPTOR",
                "inmemory"));

    assertThat(loaded.config().storage().driver()).isEqualTo(new dev.berth.config.MemoryStorage());
    assertThat(loaded.config().storage().deleteEnabled()).isFalse();
    assertThat(loaded.config().storage().cache()).isEqualTo(DescriptorCache.INMEMORY);
  }

  @Test
  void whatAVariableReplacesOfAMapIsFoundWithoutRegardToCase() {
    String file = Loading.MINIMAL + "http: {headers: {X-Frame: [a]}}\n";

    LoadedConfig loaded = load(file, Map.of("REGISTRY_HTTP_HEADERS_X-FRAME", "[b]"));

    assertThat(loaded.config().http().headers()).isEqualTo(Map.of("X-Frame", List.of("b")));
  }

  @Test
  void anotherDriverByVariableBesideTheOneInTheFileIsRefused() {
    assertThat(Loading.problems(Loading.MINIMAL, Map.of("REGISTRY_STORAGE_S3_BUCKET", "b")))
        .containsExactly(
            "REGISTRY_STORAGE_S3_BUCKET: storage: more than one storage driver: filesystem"
                + " (config.yml:2) and s3 (REGISTRY_STORAGE_S3_BUCKET); keep one");
  }

  @Test
  void loginsAreToldByVariables() {
    LoadedConfig loaded =
        load(
            Loading.MINIMAL,
            Map.of(
                "REGISTRY_AUTH", "htpasswd",
                "REGISTRY_AUTH_HTPASSWD_REALM", "r",
                "REGISTRY_AUTH_HTPASSWD_PATH", "/p"));

    assertThat(loaded.config().auth()).isEqualTo(new HtpasswdAuth("r", Path.of("/p")));
    assertThat(Loading.problems(Loading.MINIMAL, Map.of("REGISTRY_AUTH", "htpasswd")))
        .allSatisfy(line -> assertThat(line).startsWith("REGISTRY_AUTH: auth.htpasswd."))
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"REGISTRY_FOO", "REGISTRY_HTTP_FOO", "REGISTRY_VERSION", "REGISTRY_"})
  void aVariableThatIsNoKeyIsIgnoredAndNamed(String name) {
    LoadedConfig loaded = load(Loading.MINIMAL, Map.of(name, "x"));

    assertThat(Loading.warnings(loaded))
        .containsExactly(name + ": no setting has this name, passed over");
    assertThat(loaded.config()).isEqualTo(BerthConfig.DEFAULTS);
  }

  @Test
  void aWrongValueInAMapIsBlamedOnItsVariable() {
    assertThat(Loading.problems(Loading.MINIMAL, Map.of("REGISTRY_HTTP_HEADERS_X", "1")))
        .containsExactly(
            "REGISTRY_HTTP_HEADERS_X: http.headers: expected a list, each a text, got \"1\"");
  }

  @Test
  void aVariableThatIsNearlyAKeyIsNamedWithIt() {
    LoadedConfig loaded = load(Loading.MINIMAL, Map.of("REGISTRY_HTTP_ADR", "x"));

    assertThat(Loading.warnings(loaded))
        .containsExactly(
            "REGISTRY_HTTP_ADR: no setting has this name, passed over; the nearest is"
                + " REGISTRY_HTTP_ADDR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"REGISTRY", "REGISTRY_STORAGE", "REGISTRY_AUTH", "REGISTRY_HTTP"})
  void aServiceOfKubernetesDoesNotDisturb(String service) {
    Map<String, String> injected =
        Map.of(
            service + "_PORT", "tcp://10.0.0.1:5000",
            service + "_SERVICE_HOST", "10.0.0.1",
            service + "_SERVICE_PORT", "5000",
            service + "_SERVICE_PORT_REGISTRY", "5000",
            service + "_PORT_5000_TCP", "tcp://10.0.0.1:5000",
            service + "_PORT_5000_TCP_PROTO", "tcp",
            service + "_PORT_5000_TCP_PORT", "5000",
            service + "_PORT_5000_TCP_ADDR", "10.0.0.1");

    LoadedConfig loaded = load(Loading.MINIMAL, injected);

    assertThat(loaded.config()).isEqualTo(BerthConfig.DEFAULTS);
    assertThat(loaded.warnings())
        .hasSize(injected.size())
        .allSatisfy(w -> assertThat(w.message()).startsWith("no setting has this name"));
  }

  @Test
  void whatStandsInAListCannotBeNamed() {
    String file =
        Loading.MINIMAL
            + "notifications: {endpoints: [{name: a, disabled: true, url: 'http://a'}]}\n";

    LoadedConfig loaded =
        load(file, Map.of("REGISTRY_NOTIFICATIONS_ENDPOINTS_0_DISABLED", "false"));

    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void thePathOfTheFileIsNoKeyAndOthersAreNotRead() {
    LoadedConfig loaded =
        load(
            Loading.MINIMAL,
            Map.of("REGISTRY_CONFIGURATION_PATH", "/a", "HOME", "/root", "MY_REGISTRY_LOG", "{"));

    assertThat(loaded.warnings()).isEmpty();
  }

  @Test
  void anEmptyVariableTakesTheValueAway() {
    String file = Loading.MINIMAL + "http: {secret: abc, addr: ':1'}\n";

    LoadedConfig loaded = load(file, Map.of("REGISTRY_HTTP_SECRET", "", "REGISTRY_HTTP_ADDR", ""));

    assertThat(loaded.config().http().secret()).isNull();
    assertThat(loaded.config().http().addr().port()).isEqualTo(5000);
  }

  @Test
  void aWrongValueIsNamedWithItsVariable() {
    assertThat(Loading.problems(Loading.MINIMAL, Map.of("REGISTRY_HTTP_ADDR", "5000")))
        .containsExactly(
            "REGISTRY_HTTP_ADDR: http.addr: expected an address such as :5000, 127.0.0.1:5000 or"
                + " [::1]:5000, got \"5000\"");
  }

  @Test
  void aSecretThatIsNoYamlIsNotShown() {
    assertThat(Loading.problems(Loading.MINIMAL, Map.of("REGISTRY_HTTP_SECRET", "@sword: 'fish")))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("REGISTRY_HTTP_SECRET: http.secret: not YAML: ")
                    .doesNotContain("sword"));
  }

  private static Arguments row(
      String name, String value, Function<BerthConfig, Object> read, Object expected) {
    return Arguments.of(name, value, read, expected);
  }
}
