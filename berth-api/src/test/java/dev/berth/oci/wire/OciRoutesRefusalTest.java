package dev.berth.oci.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException.Problem;
import dev.berth.oci.Tag;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciRoutesRefusalTest {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String SHA256 = "sha256:" + HEX;

  private final OciRoutes routes = new OciRoutes("", false);

  static Stream<Arguments> hostileNames() {
    List<String> names =
        List.of(
            "A",
            "a/B",
            "_a",
            "a_",
            "-a",
            "a-",
            ".a",
            "a.",
            "a..b",
            "a._b",
            "a___b",
            "a/_uploads",
            "..",
            "a/..",
            "../a",
            "a/../b",
            ".",
            "a/./b",
            "%2e%2e",
            "a%2f..%2fb",
            "a b",
            "a%20b",
            "a:b",
            "a@b",
            "a,b",
            "a;b",
            "a!b",
            "a~b",
            "a*b",
            "a\\b",
            "a%5Cb",
            "%C3%A4",
            "a%2F",
            "%2Fa",
            "a%2F%2Fb",
            "a%3Fb",
            "a%23b",
            "a+b",
            "a'b",
            "a\"b",
            "a<b",
            "a|b",
            "{a}",
            "[a]",
            "_catalog",
            "a/_catalog",
            "a".repeat(256),
            "a/".repeat(127) + "ab");
    List<String> tails =
        List.of("manifests/latest", "blobs/" + SHA256, "tags/list", "referrers/" + SHA256);
    return names.stream().flatMap(name -> tails.stream().map(tail -> Arguments.of(name, tail)));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void refusesWhatIsNoName(String name, String tail) {
    assertThat(code(parse("GET", "/v2/" + name + "/" + tail))).isEqualTo(ErrorCode.NAME_INVALID);
  }

  @Test
  void takesTheLongestName() {
    String name = "a/".repeat(127) + "a";

    assertThat(parse("GET", "/v2/" + name + "/tags/list")).isInstanceOf(Route.Found.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha256:",
        "sha256:abc",
        "sha256:baddigeststring",
        "md5:d41d8cd98f00b204e9800998ecf8427e",
        ":",
        "sha256:H0",
        "sha512:H",
        "SHA256:H",
        "sha256:sha256:H",
        "sha256%3A",
        "a:b",
        "sha256:HX",
        "sha256+b64:H",
        "sha256:H%20"
      })
  void refusesWhatIsNoDigest(String text) {
    String digest = text.replace("H", HEX);

    assertThat(code(parse("GET", "/v2/a/blobs/" + digest))).isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(code(parse("DELETE", "/v2/a/blobs/" + digest))).isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(code(parse("GET", "/v2/a/manifests/" + digest))).isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(code(parse("PUT", "/v2/a/manifests/" + digest))).isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(code(parse("GET", "/v2/a/referrers/" + digest))).isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(code(parse("POST", "/v2/a/blobs/uploads/?digest=" + digest)))
        .isEqualTo(ErrorCode.DIGEST_INVALID);
    assertThat(code(parse("PUT", "/v2/a/blobs/uploads/u?digest=" + digest)))
        .isEqualTo(ErrorCode.DIGEST_INVALID);
  }

  @Test
  void saysWhichDigestIsMissing() {
    Route missing = parse("PUT", "/v2/a/blobs/uploads/u");
    Route wrong = parse("PUT", "/v2/a/blobs/uploads/u?digest=x");

    assertThat(problem(missing).detail()).isEqualTo("digest missing");
    assertThat(problem(wrong).detail()).isEqualTo("digest parsing failed");
    assertThat(problem(wrong).message()).isEqualTo(ErrorCode.DIGEST_INVALID.message());
  }

  @Test
  void refusesUnknownDigestAlgorithms() {
    Route route = parse("POST", "/v2/a/blobs/uploads/?digest-algorithm=blake3");

    assertThat(code(route)).isEqualTo(ErrorCode.DIGEST_INVALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".", "..", "-a", ".a", "a%20b", "a+b", "a@b", "%C3%A4", "a%2c", "a*", "~"})
  void refusesWhatIsNoTag(String tag) {
    assertThat(code(parse("GET", "/v2/a/manifests/" + tag))).isEqualTo(ErrorCode.TAG_INVALID);
    assertThat(code(parse("PUT", "/v2/a/manifests/" + tag))).isEqualTo(ErrorCode.TAG_INVALID);
    assertThat(code(parse("DELETE", "/v2/a/manifests/" + tag))).isEqualTo(ErrorCode.TAG_INVALID);
    assertThat(code(parse("PUT", "/v2/a/manifests/" + SHA256 + "?tag=" + tag)))
        .isEqualTo(ErrorCode.TAG_INVALID);
  }

  @Test
  void knowsTheLongestTag() {
    assertThat(parse("GET", "/v2/a/manifests/" + "a".repeat(128))).isInstanceOf(Route.Found.class);
    assertThat(code(parse("GET", "/v2/a/manifests/" + "a".repeat(129))))
        .isEqualTo(ErrorCode.TAG_INVALID);
  }

  @Test
  void takesAHundredTagsInOnePushAndNoMore() {
    Route most = parse("PUT", "/v2/a/manifests/" + SHA256 + "?" + tags(100));
    Route tooMany = parse("PUT", "/v2/a/manifests/" + SHA256 + "?" + tags(101));
    Route absurd = parse("PUT", "/v2/a/manifests/" + SHA256 + "?" + tags(257));

    assertThat(most).isInstanceOf(Route.Found.class);
    assertThat(((OciRequest.PutManifest) ((Route.Found) most).request()).tags())
        .hasSize(100)
        .startsWith(new Tag("t0"), new Tag("t1"));
    assertThat(tooMany).isInstanceOf(Route.TooManyTags.class);
    assertThat(absurd).isInstanceOf(Route.Malformed.class);
  }

  private static String tags(int count) {
    return String.join("&", IntStream.range(0, count).mapToObj(i -> "tag=t" + i).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "abc", "1.5", "0x10", "+1", "%2B1", "1e3", " 1", "٣", "1%00"})
  void refusesWhatIsNoNumberOfTags(String n) {
    Route tags = parse("GET", "/v2/a/tags/list?n=" + n);
    Route referrers = parse("GET", "/v2/a/referrers/" + SHA256 + "?n=" + n);

    assertThat(tags).isInstanceOfAny(Route.Refused.class, Route.Malformed.class);
    assertThat(referrers).isInstanceOfAny(Route.Refused.class, Route.Malformed.class);
    if (tags instanceof Route.Refused refused) {
      assertThat(refused.problem().code()).isEqualTo(ErrorCode.PAGINATION_NUMBER_INVALID);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "a b", "%20", "%2e", "a%2Fb:c", "a*", "ä", "'", "a%252e"})
  void refusesWhatIsNoUpload(String id) {
    Route route = parse("PATCH", "/v2/a/blobs/uploads/" + id);

    assertThat(route)
        .isInstanceOfAny(Route.Refused.class, Route.Malformed.class, Route.Unknown.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v2/a/tags/list%",
        "/v2/a/tags/list%2",
        "/v2/a/tags/list%zz",
        "/v2/a%00/tags/list",
        "/v2/a%0d%0a/tags/list",
        "/v2/a/manifests/%ff",
        "/v2/a/manifests/%c0%ae%c0%ae",
        "/v2/a/manifests/a%7f",
        "/v2/a/manifests/ä",
        "/v2/a/manifests/%ED%A0%80",
        "/v2/a/manifests/a\tb",
        "/v2/%",
        "/%",
        "/v2/a/manifests/%EF%BC%91%e"
      })
  void refusesPathsThatAreNoText(String path) {
    assertThat(parse("GET", path)).isInstanceOf(Route.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"n=%", "n=%0", "last=%00", "%zz=1", "last=%0A", "last=%ff", "last=ä"})
  void refusesQueriesThatAreNoText(String query) {
    assertThat(parse("GET", "/v2/a/tags/list?" + query)).isInstanceOf(Route.Malformed.class);
  }

  private Route parse(String verb, String target) {
    int question = target.indexOf('?');
    return question < 0
        ? routes.parse(verb, target, "")
        : routes.parse(verb, target.substring(0, question), target.substring(question + 1));
  }

  private static ErrorCode code(Route route) {
    return problem(route).code();
  }

  private static Problem problem(Route route) {
    assertThat(route).isInstanceOf(Route.Refused.class);
    return ((Route.Refused) route).problem();
  }
}
