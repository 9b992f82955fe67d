package dev.berth.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Walks the keys of registry 2.8.2 and of its successor: each works, is warned of, or stops the
/// start.
class KeysOfOldRegistryTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "version",
        "log.level",
        "loglevel",
        "log.formatter",
        "log.fields",
        "log.accesslog.disabled",
        "storage.filesystem.rootdirectory",
        "storage.inmemory",
        "storage.delete.enabled",
        "storage.redirect.disable",
        "storage.cache.blobdescriptor",
        "storage.cache.layerinfo",
        "storage.maintenance.uploadpurging.enabled",
        "storage.maintenance.uploadpurging.age",
        "storage.maintenance.uploadpurging.interval",
        "storage.maintenance.uploadpurging.dryrun",
        "storage.maintenance.readonly.enabled",
        "auth.none",
        "http.addr",
        "http.prefix",
        "http.host",
        "http.secret",
        "http.relativeurls",
        "http.draintimeout",
        "http.headers",
        "http.debug.addr",
        "http.debug.prometheus.enabled",
        "http.debug.prometheus.path",
        "http.http2.disabled",
        "health.storagedriver.enabled",
        "health.storagedriver.interval",
        "health.storagedriver.threshold",
        "health.file[]",
        "health.http[]",
        "health.tcp[]",
        "catalog.maxentries",
        "notifications.events.includereferences",
        "notifications.endpoints[]",
        "validation.disabled",
        "validation.enabled",
        "validation.manifests.urls.allow",
        "validation.manifests.urls.deny"
      })
  void works(String path) {
    assertThat(support(path))
        .isInstanceOfAny(Support.Supported.class, Support.OldName.class, Support.NoEffect.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "log.hooks | [{type: mail}] | log.hooks",
        "storage.filesystem.maxthreads | 100 | storage.filesystem.maxthreads",
        "storage.tag.concurrencylimit | 8 | storage.tag.concurrencylimit",
        "storage.cache.blobdescriptorsize | 10000 | storage.cache.blobdescriptorsize",
        "storage.cache.blobdescriptor | memcached | storage.cache.blobdescriptor",
        "reporting.bugsnag.apikey | abc | reporting",
        "reporting.newrelic.licensekey | abc | reporting",
        "http.tls.letsencrypt.email | a@example.com | http.tls.letsencrypt.email",
        "http.tls.letsencrypt.hosts | [example.com] | http.tls.letsencrypt.hosts",
        "http.h2c.enabled | true | http.h2c.enabled",
        "redis.addr | redis:6379 | redis",
        "redis.addrs | [redis:6379] | redis",
        "tags.maxtags | 1000 | tags.maxtags",
        "proxy.username | a | proxy.username",
        "proxy.ttl | 168h | proxy.ttl",
        "compatibility.schema1.enabled | true | compatibility.schema1",
        "compatibility.schema1.signingkeyfile | /key | compatibility.schema1",
        "validation.manifests.indexes.platforms | all | validation.manifests.indexes.platforms",
        "policy.repository.classes | [image] | policy.repository.classes",
        "auth.token | {realm: r, service: s, issuer: i, jwks: /k, signingalgorithms: [HS256, ES256]} | auth.token.signingalgorithms"
      })
  void isWarnedOf(String path, String value, String named) {
    LoadedConfig loaded = Loading.load(document(path, value));

    assertThat(loaded.unknown()).isEmpty();
    assertThat(loaded.warnings()).extracting(Problem::key).containsExactly(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth.htpasswd | {path: /p} | auth.htpasswd.realm",
        "auth.htpasswd | {realm: r} | auth.htpasswd.path",
        "auth.htpasswd | {realm: 'a\"b', path: /p} | auth.htpasswd.realm",
        "auth | {htpasswd: {realm: r, path: /p}, none: {}} | auth",
        "auth.token | {service: s, issuer: i, rootcertbundle: /b} | auth.token.realm",
        "auth.token | {realm: r, issuer: i, rootcertbundle: /b} | auth.token.service",
        "auth.token | {realm: r, service: s, rootcertbundle: /b} | auth.token.issuer",
        "auth.token | {realm: r, service: s, issuer: i} | auth.token.rootcertbundle",
        "auth.token | {realm: 'a\"b', service: s, issuer: i, jwks: /k} | auth.token.realm",
        "auth.token | {realm: r, service: 's\"', issuer: i, jwks: /k} | auth.token.service",
        "auth.token | {realm: r, service: s, issuer: i, jwks: /k, signingalgorithms: [none]} | auth.token.signingalgorithms",
        "auth.token | {realm: r, service: s, issuer: i, jwks: /k, autoredirect: true, autoredirectpath: '/a b'} | auth.token.autoredirectpath",
        "auth | {token: {realm: r, service: s, issuer: i, jwks: /k}, none: {}} | auth",
        "auth.silly | {realm: r, service: s} | auth.silly",
        "auth.kerberos | {} | auth.kerberos",
        "http.tls | {certificate: /cert.pem} | http.tls.key",
        "http.tls | {key: /key.pem} | http.tls.certificate",
        "http.tls | {clientcas: [/ca.pem]} | http.tls.certificate",
        "http.tls | {certificate: /c, key: /k, minimumtls: ssl3} | http.tls.minimumtls",
        "http.tls | {certificate: /c, key: /k, ciphersuites: [TLS_RSA_X]} | http.tls.ciphersuites",
        "http.tls.letsencrypt.cachefile | /cache | http.tls.letsencrypt.cachefile",
        "http.net | unix | http.net",
        "storage.cache.blobdescriptor | redis | redis.addr",
        "storage.cache.layerinfo | redis | redis.addr",
        "redis.addr | redis | redis.addr",
        "storage.s3 | {bucket: b, region: r} | storage.s3",
        "storage.s3 | {bucket: b, region: r, v4auth: false} | storage.s3",
        "storage.azure | {accountname: a} | storage.azure",
        "storage.gcs | {bucket: b} | storage.gcs",
        "storage.swift | {} | storage.swift",
        "storage.oss | {} | storage.oss",
        "storage.filesistem | {} | storage.filesistem",
        "proxy.remoteurl | https://registry-1.docker.io | proxy.remoteurl",
        "notifications.endpoints | [{name: a}] | notifications.endpoints\\[\\].url",
        "notifications.endpoints | [{url: 'ftp://a:b@c'}] | notifications.endpoints\\[\\].url",
        "notifications.endpoints | [{url: 'http://a:b c@d'}] | notifications.endpoints\\[\\].url",
        "notifications.endpoints | [{url: 'http://a', timeout: -1s}] | notifications.endpoints\\[\\].timeout",
        "middleware | {storage: [{name: cloudfront, options: {}}]} | middleware",
        "middleware | {repository: [{name: a, disabled: no}]} | middleware"
      })
  void stopsTheStart(String path, String value, String named) {
    List<String> problems = Loading.problems(document(path, value));

    assertThat(problems)
        .singleElement()
        .satisfies(line -> assertThat(line).matches("config\\.yml:\\d+: " + named + ": .{20,}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth | none",
        "auth | {}",
        "auth.none | {}",
        "auth | ~",
        "http.tls.certificate | ''",
        "http.tls | {}",
        "http.net | tcp",
        "http.http2.disabled | true",
        "storage.redirect.disable | true",
        "proxy.remoteurl | ''",
        "proxy | {}",
        "redis | {}",
        "redis.pool.maxidle | 16",
        "redis.writetimeout | 1s",
        "redis.protocol | 3",
        "notifications.endpoints | []",
        "notifications.endpoints | [{url: 'http://a'}]",
        "notifications.endpoints | [{disabled: true}]",
        "notifications.endpoints | [{name: a, url: http://a, disabled: true, timeout: 1s}]",
        "middleware | {storage: [{name: cloudfront, disabled: true}]}"
      })
  void isTakenWithoutAWord(String path, String value) {
    LoadedConfig loaded = Loading.load(document(path, value == null ? "\"\"" : value));

    assertThat(loaded.warnings()).isEmpty();
    assertThat(loaded.unknown()).isEmpty();
  }

  /// A key that is not in one of the lists above is one that nobody thought about.
  @Test
  void everyKeyOfTheSchemaHasAVerdict() {
    Set<String> silent =
        Schema.BERTH.entries().stream()
            .filter(entry -> entry.support() instanceof Support.Part)
            .map(SchemaEntry::path)
            .filter(path -> !hasVerdictAbove(path))
            .collect(Collectors.toSet());

    assertThat(silent)
        .containsExactlyInAnyOrder(
            // Drivers are checked where they are chosen; stopsTheStart shows it.
            "storage.s3", "storage.azure", "storage.gcs", "storage.swift", "storage.oss");
  }

  private static boolean hasVerdictAbove(String path) {
    List<String> above = new ArrayList<>();
    for (int dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      above.add(path.substring(0, dot));
    }
    return Schema.BERTH.entries().stream().anyMatch(entry -> above.contains(entry.path()));
  }

  private static Support support(String path) {
    return Schema.BERTH.entries().stream()
        .filter(entry -> entry.path().equals(path))
        .map(SchemaEntry::support)
        .findFirst()
        .orElseThrow();
  }

  /// A configuration with one more key. A key of a driver takes the place of the driver.
  private static String document(String path, String value) {
    boolean driver =
        Stream.of("s3", "azure", "gcs", "swift", "oss", "filesistem")
            .anyMatch(name -> path.equals("storage." + name));
    String inner = path.substring(path.indexOf('.') + 1);
    if (path.startsWith("storage.filesystem.")) {
      return "version: 0.1\nstorage: " + flow(inner, value) + "\n";
    }
    if (path.startsWith("storage.")) {
      String first = driver ? "" : "filesystem: {}, ";
      return "version: 0.1\nstorage: {" + first + flow(inner, value).substring(1) + "\n";
    }
    int dot = path.indexOf('.');
    String top = dot < 0 ? path : path.substring(0, dot);
    String rest = dot < 0 ? value : flow(inner, value);
    return Loading.MINIMAL + top + ": " + rest + "\n";
  }

  private static String flow(String path, String value) {
    String result = value;
    List<String> names = List.of(path.split("\\.", -1)).reversed();
    for (String name : names) {
      result = "{" + name + ": " + result + "}";
    }
    return result;
  }
}
