package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Digest;
import dev.berth.server.store.Digests;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutsideTest {
  private static final String UPLOADS = "/v2/berth-doctor/probe/blobs/uploads/";
  private static final String MANIFEST =
      "{\"config\":{\"digest\":\"sha256:" + "a".repeat(64) + "\"}}";

  private final PlantedRegistry registry = new PlantedRegistry();

  @AfterEach
  void end() {
    registry.close();
  }

  private List<String> look(URI url, @Nullable String user, InstantSource clock) {
    List<Finding> told = new ArrayList<>();
    new Outside(new Target(url, user, () -> "secret", null, 4L << 20), clock).examine(told::add);
    return Looking.lines(told);
  }

  private List<String> look() {
    return look(registry.url(), null, InstantSource.system());
  }

  private List<String> bad() {
    return Looking.only(look(), "WARN", "FAIL");
  }

  private void plant(String request, int status, String... fields) {
    Map<String, String> all = fields.length == 0 ? Map.of() : Map.of(fields[0], fields[1]);
    registry.plant(request, status, all, "");
  }

  @Test
  void aGoodOneIsGoodAndNothingIsLeftBehind() {
    assertThat(bad()).isEmpty();
    assertThat(registry.asked())
        .contains("PATCH " + UPLOADS + "1", "DELETE " + UPLOADS + "1")
        .noneMatch(request -> request.startsWith("PUT"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://HOST/v2/berth-doctor/probe/blobs/uploads/1 | X-Forwarded-Proto: http and",
        "http://inner:5000/v2/berth-doctor/probe/blobs/uploads/1 | Host: HOST (nginx",
        "http://127.0.0.1:1/v2/berth-doctor/probe/blobs/uploads/1 | X-Forwarded-Host: HOST",
        "/other/v2/berth-doctor/probe/blobs/uploads/1 | set http.prefix: /",
      })
  void aLocationThatLeadsElsewhereNamesTheFieldToSend(String location, String words) {
    plant("POST " + UPLOADS, 202, "Location", location.replace("HOST", registry.authority()));

    assertThat(bad())
        .singleElement()
        .asString()
        .startsWith("FAIL Location leads to another")
        .contains(words.replace("HOST", registry.authority()))
        .contains("http.host: http://" + registry.authority());
    // The upload is taken back all the same, and here.
    assertThat(registry.asked()).contains("DELETE " + UPLOADS + "1");
  }

  @Test
  void aPrefixOfTheUrlIsLookedFor() {
    registry.plant("GET /my/v2/", 200, Map.of(), "{}");
    registry.plant("GET /my/", 200, Map.of(), "");
    plant("POST /my" + UPLOADS, 202, "Location", UPLOADS + "1");

    assertThat(look(URI.create(registry.url() + "/my/"), null, InstantSource.system()))
        .anyMatch(
            line ->
                line.startsWith("FAIL Location leads to another path: clients came by /my/v2/")
                    && line.contains("set http.prefix: /my/ if"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "413 | FAIL | proxy-body-size: \"0\"",
        "411 | FAIL | chunked requests",
        "507 | WARN | no room on the store",
        "504 | FAIL | proxy-read-timeout",
        "500 | FAIL | the log of the registry",
      })
  void aBodyThatIsRefusedSaysWhatToSet(int status, String verdict, String words) {
    plant("PATCH " + UPLOADS + "1", status);

    assertThat(bad())
        .anyMatch(line -> line.startsWith(verdict + " a body of 2MiB") && line.contains(words));
  }

  @ParameterizedTest
  @CsvSource({"401", "403", "405"})
  void pushesThatAreForbiddenAreSkipped(int status) {
    plant("POST " + UPLOADS, status);

    assertThat(look()).anyMatch(line -> line.startsWith("SKIP pushing to berth-doctor/probe"));
    assertThat(bad()).isEmpty();
  }

  @Test
  void anUploadThatStaysIsTold() {
    plant("DELETE " + UPLOADS + "1", 405);

    assertThat(bad()).anyMatch(line -> line.startsWith("WARN the upload could not be taken back"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "502 | the proxy reaches no registry",
        "404 | nothing is there",
        "500 | where a registry answers 200 or 401",
      })
  void whatIsNoRegistryIsToldApart(int status, String words) {
    plant("GET /v2/", status);

    assertThat(bad()).singleElement().asString().startsWith("FAIL ").contains(words);
    assertThat(registry.asked()).hasSize(1);
  }

  @Test
  void aWayToHttpsIsTold() {
    plant("GET /v2/", 301, "Location", "https://registry.example.com/v2/");

    assertThat(bad()).singleElement().asString().contains("give --url with https");
  }

  @Test
  void otherSmallFaultsAreWarnedOf() {
    plant("GET /", 403);
    registry.plant("GET /v2/", 200, Map.of("Docker-Distribution-Api-Version", "x"), "{}");

    List<String> found =
        Looking.only(
            look(registry.url(), null, () -> InstantSource.system().instant().plusSeconds(60)),
            "WARN");

    assertThat(found)
        .hasSize(3)
        .anyMatch(line -> line.contains("GET / answers 403"))
        .anyMatch(line -> line.contains("without Docker-Distribution-Api-Version"))
        .anyMatch(line -> line.contains(" s behind this machine's clock"));
  }

  @Test
  void aLoginIsAskedForAndTried() {
    plant("GET /v2/", 401, "WWW-Authenticate", "Basic realm=\"r\"");

    assertThat(look()).anyMatch(line -> line.startsWith("SKIP a login is asked for"));
    assertThat(look(registry.url(), "alice", InstantSource.system()))
        .anyMatch(line -> line.startsWith("FAIL the login of alice is refused with 401"))
        .noneMatch(line -> line.contains("secret"));
    assertThat(registry.asked()).contains("GET /v2/ Basic YWxpY2U6c2VjcmV0");
  }

  @Test
  void aTokenIsFetchedFromTheRealm() {
    String realm = "Bearer realm=\"" + registry.url() + "/token\",service=\"s\"";
    plant("GET /v2/", 401, "WWW-Authenticate", realm);
    registry.plant("GET /token", 200, Map.of(), "{\"token\":\"t\"}");

    assertThat(look(registry.url(), "alice", InstantSource.system()))
        .anyMatch(line -> line.startsWith("OK the realm gives alice a token"));
    assertThat(registry.asked()).contains("GET /token Basic YWxpY2U6c2VjcmV0", "GET /v2/ Bearer t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bearer realm=\"/token\" | is no URL",
        "Bearer realm=\"http://127.0.0.1:1/token\" | is not reachable",
        "Digest realm=\"r\" | neither Basic nor Bearer",
      })
  void aChallengeThatHelpsNobodyIsTold(String challenge, String words) {
    plant("GET /v2/", 401, "WWW-Authenticate", challenge);

    assertThat(bad()).anyMatch(line -> line.startsWith("FAIL ") && line.contains(words));
  }

  private void plantImage(String body) {
    String digest =
        Digests.of(Digest.Algorithm.SHA256, MANIFEST.getBytes(StandardCharsets.UTF_8)).toString();
    registry.plant("GET /v2/_catalog", 200, Map.of(), "{\"repositories\":[\"a\"]}");
    registry.plant("GET /v2/a/tags/list", 200, Map.of(), "{\"tags\":[\"t\"]}");
    registry.plant("GET /v2/a/manifests/t", 200, Map.of("Docker-Content-Digest", digest), body);
    registry.plant(
        "HEAD /v2/a/manifests/t",
        200,
        Map.of("Docker-Content-Digest", digest, "Content-Length", "" + MANIFEST.length()),
        "");
    registry.plant("GET /v2/a/blobs/sha256:" + "a".repeat(64), 206, Map.of(), "x");
  }

  @Test
  void anImageIsPulled() {
    plantImage(MANIFEST);

    assertThat(look())
        .contains(
            "OK a:t comes with the bytes of its digest: ",
            "OK HEAD says the same as GET: ",
            "OK a part of a blob comes as a part: ");
  }

  @Test
  void aNameThatWouldEndTheLineOfARequestIsNotAsked() {
    registry.plant(
        "GET /v2/_catalog",
        200,
        Map.of(),
        "{\"repositories\":[\"x HTTP/1.1\\r\\nAuthorization: Basic planted\\r\\nX: \"]}");

    assertThat(bad()).anyMatch(line -> line.contains("can be no part of a request"));
    assertThat(registry.asked()).noneMatch(request -> request.contains("planted"));
  }

  @Test
  void bytesHeadAndRangesAreCompared() {
    plantImage(MANIFEST);
    plant("HEAD /v2/a/manifests/t", 405);
    registry.plant("GET /v2/a/blobs/sha256:" + "a".repeat(64), 200, Map.of(), "xyz");

    assertThat(bad())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("FAIL HEAD of a:t says 405"))
        .anyMatch(line -> line.startsWith("WARN Range is passed over"));
    plantImage(MANIFEST + " ");
    assertThat(bad()).singleElement().asString().startsWith("FAIL a:t comes with other bytes");
  }

  @Test
  void compressionIsFound() {
    registry.plant(
        "GET /v2/berth-doctor/probe/manifests/none", 404, Map.of("Content-Encoding", "gzip"), "x");

    assertThat(bad())
        .singleElement()
        .asString()
        .startsWith("FAIL a proxy compresses answers (Content-Encoding: gzip)")
        .contains("gzip off");
  }

  @Test
  void nobodyListensOrNoNameIsThere() {
    registry.close();

    assertThat(bad()).singleElement().asString().contains("takes no connections");
    assertThat(look(URI.create("http://no-such-name.invalid"), null, InstantSource.system()))
        .anyMatch(line -> line.startsWith("FAIL no-such-name.invalid has no address"));
  }

  @Test
  void plainHttpWhereTlsIsAsked() {
    URI secure = URI.create("https://" + registry.authority());

    assertThat(look(secure, null, InstantSource.system()))
        .anyMatch(
            line ->
                line.contains("server gave HTTP response to HTTPS client")
                    && line.contains("hosts.toml"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://r.example.com,443,''",
    "https://r.example.com:8443/my/,8443,/my",
    "http://r.example.com/v2/,80,''",
    "http://[::1]:5000,5000,''",
  })
  void urlsAreRead(String text, int port, String prefix) {
    Target target = new Target(Target.parse(text).orElseThrow(), null, () -> "", null, 1);

    assertThat(target.port()).isEqualTo(port);
    assertThat(target.prefix()).isEqualTo(prefix);
  }

  @ParameterizedTest
  @CsvSource({
    "r.example.com",
    "ftp://x",
    "https://u:p@x",
    "https://x?a",
    "https:///v2",
    "''",
    "a b"
  })
  void otherUrlsAreNot(String text) {
    assertThat(Target.parse(text)).isEmpty();
  }
}
