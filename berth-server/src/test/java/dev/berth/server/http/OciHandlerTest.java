package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RegistryException.Problem;
import dev.berth.oci.wire.OciRequest;
import dev.berth.server.auth.Authenticator;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.Sight;
import dev.berth.server.engine.Content;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OciHandlerTest {
  private static final String SHA256 = "sha256:" + "a".repeat(64);

  private final FakeRegistry registry = new FakeRegistry();
  private final AtomicBoolean healthy = new AtomicBoolean(true);
  private final OciHandler handler = handler(HttpSettings.DEFAULT);

  private OciHandler handler(HttpSettings settings) {
    return OciHandlers.of(registry, settings, Authenticator.OPEN, healthy::get, Witness.NONE);
  }

  private FakeExchange send(String method, String target) {
    return new FakeExchange(method, target).through(handler);
  }

  @Test
  void saysThatItSpeaksTheProtocol() {
    FakeExchange answer = send("GET", "/v2/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("{}");
    assertThat(answer.field("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.field("Docker-Distribution-API-Version")).isEqualTo("registry/2.0");
  }

  @Test
  void answersProbesAtTheRoot() {
    FakeExchange answer = send("GET", "/");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEmpty();
    assertThat(answer.field("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.has("Docker-Distribution-API-Version")).isFalse();
  }

  @Test
  void answersHeadWithTheLengthAlone() {
    assertThat(send("HEAD", "/v2/").answer().content()).isEqualTo(new Content.Length(2));
    assertThat(send("HEAD", "/v2/a/tags/list").answer().content())
        .isEqualTo(new Content.Length("{\"name\":\"a\",\"tags\":[]}\n".length()));
    assertThat(send("HEAD", "/nope").answer().content()).isEqualTo(new Content.Length(19));
  }

  @Test
  void knowsNoOtherPaths() {
    FakeExchange answer = send("GET", "/nope");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("404 page not found\n");
    assertThat(answer.field("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(answer.field("Docker-Distribution-API-Version")).isEqualTo("registry/2.0");
  }

  @Test
  void refusesVerbsInPlainText() {
    FakeExchange answer = send("POST", "/v2/a/tags/list");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.text()).isEqualTo("Method not allowed\n");
    assertThat(answer.field("Allow")).isEqualTo("GET, HEAD");
    assertThat(answer.field("Docker-Distribution-API-Version")).isEqualTo("registry/2.0");
  }

  @Test
  void namesTheVerbsOnRequest() {
    FakeExchange answer = send("OPTIONS", "/v2/a/manifests/latest");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Allow")).isEqualTo("DELETE, GET, HEAD, PUT");
    assertThat(answer.text()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET  | /v2/A/tags/list            | 400 | NAME_INVALID
          GET  | /v2/a/blobs/sha256:x       | 400 | DIGEST_INVALID
          PUT  | /v2/a/manifests/.x         | 400 | TAG_INVALID
          GET  | /v2/a/tags/list?n=-1       | 400 | PAGINATION_NUMBER_INVALID
          GET  | /v2/a/blobs/uploads/a%20b  | 404 | BLOB_UPLOAD_UNKNOWN
          GET  | /v2/a/manifests/none       | 404 | MANIFEST_UNKNOWN
          GET  | /v2/a/blobs/D              | 404 | BLOB_UNKNOWN
          """)
  void refusesInJson(String method, String target, int status, String code) {
    FakeExchange answer = send(method, target.replace("D", SHA256));

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.text())
        .startsWith("{\"errors\":[{\"code\":\"" + code + "\",")
        .endsWith("]}\n");
    assertThat(answer.field("Content-Type")).isEqualTo("application/json; charset=utf-8");
  }

  @Test
  void refusesPathsThatAreNoText() {
    assertThat(send("GET", "/v2/%zz").status()).isEqualTo(400);
  }

  @Test
  void refusesTooManyTags() {
    String tags = "tag=a".concat("&tag=b%d".repeat(101).formatted(numbers()));

    assertThat(send("PUT", "/v2/a/manifests/" + SHA256 + "?" + tags).status()).isEqualTo(414);
  }

  private static Object[] numbers() {
    Object[] numbers = new Object[101];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    return numbers;
  }

  @Test
  void redirectsWhereASlashIsMissing() {
    FakeExchange answer = send("GET", "/v2?a=b");

    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.field("Location")).isEqualTo("/v2/?a=b");
  }

  @Test
  void addsConfiguredFieldsToKnownPathsOnly() {
    var settings =
        new HttpSettings(
            "/",
            Optional.empty(),
            Optional.empty(),
            Map.of("X-Twice", List.of("1", "2")),
            false,
            HttpSettings.Limits.DEFAULT);
    OciHandler with = handler(settings);

    assertThat(new FakeExchange("GET", "/v2/").through(with).answer().headers())
        .containsSubsequence("X-Twice", "1", "X-Twice", "2");
    assertThat(new FakeExchange("POST", "/v2/").through(with).has("X-Twice")).isTrue();
    assertThat(new FakeExchange("GET", "/v2/A/tags/list").through(with).has("X-Twice")).isTrue();
    assertThat(new FakeExchange("GET", "/nope").through(with).has("X-Twice")).isFalse();
    assertThat(new FakeExchange("GET", "/").through(with).has("X-Twice")).isFalse();
  }

  @Test
  void servesReadsAndRefusesChangesWhileUnhealthy() {
    healthy.set(false);

    FakeExchange root = send("GET", "/");
    FakeExchange push = send("POST", "/v2/a/blobs/uploads/");

    assertThat(send("GET", "/v2/").status()).isEqualTo(200);
    assertThat(send("GET", "/v2/a/tags/list").status()).isEqualTo(200);
    assertThat(root.status()).isEqualTo(503);
    assertThat(push.status()).isEqualTo(503);
    assertThat(push.field("Retry-After")).isEqualTo("5");
    assertThat(push.has("Docker-Distribution-API-Version")).isFalse();
    assertThat(push.text())
        .isEqualTo(
            """
            {"errors":[{"code":"UNAVAILABLE","message":"service unavailable","detail":"health check failed: please see /debug/health"}]}
            """);
  }

  @Test
  void knowsNoWritingVerbsWhenReadOnly() {
    var settings =
        new HttpSettings(
            "/", Optional.empty(), Optional.empty(), Map.of(), true, HttpSettings.Limits.DEFAULT);
    FakeExchange answer =
        new FakeExchange("PUT", "/v2/a/manifests/latest").body("{}").through(handler(settings));

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.field("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void passesOnTheStatusAndProblemsOfARefusal() {
    registry.failure =
        Optional.of(
            new RegistryException(
                507, List.of(new Problem(ErrorCode.DENIED, "storage full", null))));
    FakeExchange full = send("GET", "/v2/a/tags/list");
    registry.failure = Optional.of(new RegistryException(ErrorCode.UNAVAILABLE));
    FakeExchange unavailable = send("GET", "/v2/a/tags/list");

    assertThat(full.status()).isEqualTo(507);
    assertThat(full.text())
        .isEqualTo("{\"errors\":[{\"code\":\"DENIED\",\"message\":\"storage full\"}]}\n");
    assertThat(unavailable.status()).isEqualTo(503);
    assertThat(unavailable.field("Retry-After")).isEqualTo("5");
  }

  @Test
  void tellsNothingOfFailuresThatNobodyForesaw() {
    registry.failure = Optional.of(new IllegalStateException("password is hunter2"));

    FakeExchange answer = send("GET", "/v2/a/tags/list");

    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text())
        .isEqualTo("{\"errors\":[{\"code\":\"UNKNOWN\",\"message\":\"unknown error\"}]}\n");
  }

  @Test
  void letsNoBrowserRunWhatWasPushed() {
    for (String path : List.of("/v2/a/manifests/none", "/v2/a/blobs/" + SHA256)) {
      FakeExchange answer = send("GET", path);
      assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.field("Content-Security-Policy")).isEqualTo("sandbox");
    }
    assertThat(send("GET", "/v2/").has("Content-Security-Policy")).isFalse();
  }

  @Test
  void leavesTheFieldsOfTheConfigurationAlone() {
    HttpSettings preset = HttpSettings.DEFAULT;
    var settings =
        new HttpSettings(
            preset.prefix(),
            preset.host(),
            preset.relativeUrls(),
            Map.of("content-security-policy", List.of("default-src 'none'")),
            preset.readOnly(),
            preset.limits());

    FakeExchange answer =
        new FakeExchange("GET", "/v2/a/manifests/none").through(handler(settings));

    assertThat(answer.answer().headers())
        .contains("default-src 'none'", "nosniff")
        .doesNotContain("sandbox");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v2/,null",
    "GET,/v2/a/tags/list,'[{\"Type\":\"repository\",\"Class\":\"\",\"Name\":\"a\",\"Action\":\"pull\"}]'",
    "PUT,/v2/a/manifests/t,'[{\"Type\":\"repository\",\"Class\":\"\",\"Name\":\"a\",\"Action\":\"pull\"},"
        + "{\"Type\":\"repository\",\"Class\":\"\",\"Name\":\"a\",\"Action\":\"push\"}]'",
    "GET,/v2/_catalog,'[{\"Type\":\"registry\",\"Class\":\"\",\"Name\":\"catalog\",\"Action\":\"*\"}]'"
  })
  void asksWhoeverIsUnknownToLogInAsRegistry2Does(String method, String path, String detail) {
    var closed =
        OciHandlers.of(
            registry,
            HttpSettings.DEFAULT,
            (_, _, _) -> new Decision.Unknown("Basic realm=\"r\"", Duration.ofSeconds(3)),
            healthy::get,
            Witness.NONE);
    FakeExchange answer = new FakeExchange(method, path).through(closed);

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.field("WWW-Authenticate")).isEqualTo("Basic realm=\"r\"");
    assertThat(answer.field("Docker-Distribution-API-Version")).isEqualTo("registry/2.0");
    assertThat(answer.text())
        .isEqualTo(
            "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\","
                + "\"detail\":"
                + detail
                + "}]}\n");
    assertThat(answer.delay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(answer.timesAskedForBody()).isZero();
  }

  @Test
  void probesNeedNoLoginAndTooManyLoginsAre429() {
    var busy =
        OciHandlers.of(
            registry,
            HttpSettings.DEFAULT,
            (_, _, _) -> new Decision.Busy(),
            healthy::get,
            Witness.NONE);

    assertThat(new FakeExchange("GET", "/").through(busy).status()).isEqualTo(200);
    FakeExchange answer = new FakeExchange("GET", "/v2/").through(busy);
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.field("Retry-After")).isEqualTo("5");
    assertThat(answer.text()).contains("TOOMANYREQUESTS");
  }

  @Test
  void namesEveryRequest() {
    String first = send("GET", "/v2/").field("X-Request-Id");

    assertThat(first).isEqualTo("00000000000000ab-1");
    assertThat(send("GET", "/nope").field("X-Request-Id")).isEqualTo("00000000000000ab-2");
  }

  @ParameterizedTest
  @CsvSource({"abc-1.2:3_4+5=, true", "a b, false", "'a<b', false", "'', false"})
  void keepsTheNameThatAProxyGave(String name, boolean kept) {
    FakeExchange answer =
        new FakeExchange("GET", "/v2/").header("X-Request-Id", name).through(handler);

    assertThat(answer.field("X-Request-Id").equals(name)).isEqualTo(kept);
  }

  @Test
  void keepsNoEndlessName() {
    String name = "a".repeat(129);
    FakeExchange answer =
        new FakeExchange("GET", "/v2/").header("X-Request-Id", name).through(handler);

    assertThat(answer.field("X-Request-Id")).isNotEqualTo(name);
  }

  @Test
  void tellsTheWitnessWhoAskedForWhatAndWhatBecameOfIt() {
    List<Served> seen = new ArrayList<>();
    OciHandler watched =
        OciHandlers.of(
            registry,
            HttpSettings.DEFAULT,
            (_, _, request) ->
                request instanceof OciRequest.Ping
                    ? new Decision.Unknown("Basic realm=\"r\"", Duration.ZERO)
                    : new Decision.Granted(Caller.named("anna"), Sight.ALL),
            healthy::get,
            seen::add);

    new FakeExchange("GET", "/v2/").remote("10.1.2.3:4").through(watched);
    new FakeExchange("GET", "/v2/a/tags/list")
        .header("X-Forwarded-For", "10.9.9.9")
        .header("Host", "registry.test")
        .through(watched);

    assertThat(seen).hasSize(2);
    assertThat(seen.getFirst().answer().status()).isEqualTo(401);
    assertThat(seen.getFirst().caller()).isEmpty();
    assertThat(seen.getFirst().peer()).isEqualTo("10.1.2.3");
    Served list = seen.getLast();
    assertThat(list.request()).isInstanceOf(OciRequest.ListTags.class);
    assertThat(list.caller()).isEqualTo("anna");
    assertThat(list.id()).isEqualTo("00000000000000ab-2");
    assertThat(list.client()).isEqualTo("10.9.9.9");
    assertThat(list.urls().apply(list.request())).isEqualTo("http://registry.test/v2/a/tags/list");
  }
}
