package dev.berth.e2e.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.TestCertificate;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// `berth load` on real registries: what it counts agrees, and what goes wrong is told.
@Isolated
final class LoadIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Pattern LAYER =
      Pattern.compile("image\\.layer[^}]*\"digest\":\"sha256:([0-9a-f]{64})\"");

  @TempDir private Path folder;

  @Test
  void berthWithALogin() throws Exception {
    String users = "'" + folder + "/users'";
    Program.of("/bin/sh", "-c", "echo secret | " + berth() + " user add " + users + " alice").run();
    try (RunningRegistry registry =
        Registries.BERTH.start(
            config().withExtra("auth: {htpasswd: {realm: x, path: %s}}\n".formatted(users)))) {
      Program.Outcome outcome =
          load(registry, "echo secret | ", "--duration 3s --user alice --html " + page());

      assertThat(outcome.exit()).as(outcome.toString()).isZero();
      Map<String, Object> json = agreed();
      assertThat(outcome.out())
          .contains(number(json, "images", "acknowledged") + " acknowledged", " 0 lost\n")
          .endsWith(" deleted\n");
      assertThat(number(json, "images", "deleted")).isPositive();
      assertThat(Files.readString(page())).contains("<svg ", "</html>");

      Program.Outcome refused = load(registry, "echo wrong | ", "--user alice");
      assertThat(refused.exit()).isOne();
      assertThat(refused.err()).contains("not the password of alice").hasLineCount(1);
    }
  }

  @Test
  void noPasswordGoesToARealmWithoutTls() throws Exception {
    TestCertificate certificate = TestCertificate.make(folder, "server");
    try (var realm = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String auth =
          "auth: {token: {realm: 'http://127.0.0.1:%d/token', service: s, issuer: i, rootcertbundle: '%s'}}\n"
              .formatted(realm.getLocalPort(), certificate.certificate());
      Map<String, String> tls =
          Map.of(
              "REGISTRY_HTTP_TLS_CERTIFICATE", certificate.certificate().toString(),
              "REGISTRY_HTTP_TLS_KEY", certificate.key().toString());
      try (RunningRegistry registry = Registries.BERTH.start(config().withExtra(auth), tls)) {
        Program.Outcome outcome =
            shell(
                "echo secret | "
                    + berth()
                    + " load --users 1 --duration 1s --user alice --ca "
                    + certificate.certificate()
                    + " https://"
                    + registry.host());

        assertThat(outcome.exit()).isOne();
        assertThat(outcome.err()).contains("a password would go there in clear");
        realm.setSoTimeout(100);
        assertThatThrownBy(realm::accept).isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void berthOverTls() throws Exception {
    TestCertificate certificate = TestCertificate.make(folder, "server");
    Map<String, String> tls =
        Map.of(
            "REGISTRY_HTTP_TLS_CERTIFICATE", certificate.certificate().toString(),
            "REGISTRY_HTTP_TLS_KEY", certificate.key().toString());
    try (RunningRegistry registry = Registries.BERTH.start(config(), tls)) {
      String url = " https://" + registry.host();
      String few = " --users 2 --duration 1s --size 10000 ";

      Program.Outcome unknown = shell(berth() + " load" + few + url);
      Program.Outcome named =
          shell(berth() + " load --ca " + certificate.certificate() + few + url);
      Program.Outcome any = shell(berth() + " load --insecure" + few + url);

      assertThat(unknown.exit()).isOne();
      assertThat(unknown.err()).contains("--ca FILE").hasLineCount(1);
      assertThat(named.exit()).as(named.toString()).isZero();
      assertThat(any.exit()).as(any.toString()).isZero();
      assertThat(any.err()).contains("CERTIFICATES ARE NOT CHECKED");
    }
  }

  @Test
  void registry2() throws Exception {
    try (RunningRegistry registry = Registries.DISTRIBUTION_2.start(config())) {
      Program.Outcome outcome = load(registry, "", "--duration 3s");

      assertThat(outcome.exit()).as(outcome.toString()).isZero();
      Map<String, Object> json = agreed();
      assertThat(number(json, "images", "deleted"))
          .isEqualTo(number(json, "images", "acknowledged"));
    }
  }

  @Test
  void aRestartIsSurvivedWithRetries() throws Exception {
    Program.Outcome outcome = killedInTheMiddle("--retry-for 60s");

    assertThat(outcome.exit()).as(outcome.toString()).isZero();
    Map<String, Object> json = agreed();
    assertThat(both(json, "retried")).isPositive();
    assertThat(both(json, "failed")).isZero();
  }

  @Test
  void aRestartIsToldWithoutRetries() throws Exception {
    Program.Outcome outcome = killedInTheMiddle("");

    assertThat(outcome.exit()).as(outcome.toString()).isOne();
    assertThat(outcome.out()).containsPattern("connection (refused|reset) \\([1-9]");
    Map<String, Object> json = agreed();
    assertThat(both(json, "failed")).isPositive();
    assertThat(both(json, "retried")).isZero();
    assertThat(number(json, "images", "lost")).isZero();
  }

  private Program.Outcome killedInTheMiddle(String options) {
    CompletableFuture<Program.Outcome> running;
    int port;
    try (RunningRegistry first = Registries.BERTH.start(config())) {
      port = first.port();
      running = CompletableFuture.supplyAsync(() -> load(first, "", "--duration 15s " + options));
      Waiting.until("an image", PATIENCE, () -> Files.exists(firstTag()) || running.isDone());
      first.kill();
    }
    try (RunningRegistry second = Registries.BERTH.startAt(port, config())) {
      assertThat(second.port()).isEqualTo(port);
      return running.join();
    }
  }

  @Test
  void aBlobThatVanishesIsLost() throws Exception {
    try (RunningRegistry registry = Registries.BERTH.start(config())) {
      CompletableFuture<Program.Outcome> running =
          CompletableFuture.supplyAsync(() -> load(registry, "", "--duration 6s --pulls 0"));
      Waiting.until("an image", PATIENCE, () -> Files.exists(firstTag()) || running.isDone());
      Files.delete(firstLayer());
      Program.Outcome outcome = running.join();

      assertThat(outcome.exit()).as(outcome.toString()).isOne();
      Map<String, Object> json = agreed();
      assertThat(number(json, "images", "lost")).isOne();
      assertThat(both(json, "failed")).isZero();
      assertThat(outcome.out()).contains(" 1 lost\n", "  lost load/u1:u1-1: HEAD ");
    }
  }

  private RegistryConfig config() {
    return RegistryConfig.on(folder.resolve("store"));
  }

  private static String berth() {
    return "'" + Registries.berth() + "'";
  }

  private Path page() {
    return folder.resolve("report.html");
  }

  private Path json() {
    return folder.resolve("report.json");
  }

  private Program.Outcome load(RunningRegistry registry, String before, String options) {
    return shell(
        "%s%s load --users 3 --size 50000 --json %s %s http://%s"
            .formatted(before, berth(), json(), options, registry.host()));
  }

  private static Program.Outcome shell(String line) {
    return Program.of("/bin/sh", "-c", line).outcome();
  }

  private Path store(String path) {
    return folder.resolve("store/docker/registry/v2").resolve(path);
  }

  /// There once the first push of the first user is answered, or about to be.
  private Path firstTag() {
    return store("repositories/load/u1/_manifests/tags/u1-1/current/link");
  }

  private Path firstLayer() {
    try {
      String manifest = Files.readString(blob(Files.readString(firstTag()).replace("sha256:", "")));
      Matcher layer = LAYER.matcher(manifest);
      assertThat(layer.find()).as(manifest).isTrue();
      return blob(layer.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path blob(String hex) {
    return store("blobs/sha256/" + hex.substring(0, 2) + "/" + hex + "/data");
  }

  /// The report, whose numbers agree with each other.
  private Map<String, Object> agreed() throws IOException, ParseException {
    Map<String, Object> json = JSONObjectUtils.parse(Files.readString(json()));
    Map<String, Object>[] series = JSONObjectUtils.getJSONObjectArray(json, "series");
    Map<String, Object>[] errors = JSONObjectUtils.getJSONObjectArray(json, "errors");
    Map<String, Object> requests = object(json, "requests");

    long pushes = number(json, "operations", "push", "count");
    long pulls = number(json, "operations", "pull", "count");
    assertThat(pushes).isPositive().isEqualTo(sum(series, "pushes"));
    assertThat(pushes).isEqualTo(number(json, "images", "acknowledged"));
    assertThat(pulls).isEqualTo(sum(series, "pulls"));
    assertThat(number(requests, "putManifest", "count")).isEqualTo(pushes);
    assertThat(number(requests, "getManifest", "count")).isGreaterThanOrEqualTo(pulls);
    assertThat(sum(errors, "failed")).isEqualTo(both(json, "failed"));
    assertThat(sum(errors, "retried")).isEqualTo(both(json, "retried"));
    assertThat(sum(series, "errors")).isEqualTo(sum(errors, "failed") + sum(errors, "retried"));
    assertThat(sum(series, "bytes")).isEqualTo(both(json, "bytes"));
    assertThat(number(json, "images", "acknowledged"))
        .isEqualTo(
            number(json, "images", "found")
                + number(json, "images", "lost")
                + number(json, "images", "notVerified"));
    assertThat(json.get("clean"))
        .isEqualTo(
            both(json, "failed") == 0
                && number(json, "images", "found") == number(json, "images", "acknowledged"));
    return json;
  }

  private static long both(Map<String, Object> json, String field) {
    return Stream.of("push", "pull")
        .mapToLong(operation -> number(json, "operations", operation, field))
        .sum();
  }

  private static long sum(Map<String, Object>[] objects, String field) {
    return Arrays.stream(objects).mapToLong(object -> number(object, field)).sum();
  }

  private static Map<String, Object> object(Map<String, Object> json, String name) {
    try {
      return Objects.requireNonNull(JSONObjectUtils.getJSONObject(json, name));
    } catch (ParseException e) {
      throw new AssertionError(name + " is not in " + json, e);
    }
  }

  private static long number(Map<String, Object> json, String... path) {
    Map<String, Object> at = json;
    for (String name : Arrays.asList(path).subList(0, path.length - 1)) {
      at = object(at, name);
    }
    return ((Number) Objects.requireNonNull(at.get(path[path.length - 1]))).longValue();
  }
}
