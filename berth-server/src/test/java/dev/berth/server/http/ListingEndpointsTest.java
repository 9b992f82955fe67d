package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Descriptor;
import dev.berth.oci.Digest;
import dev.berth.oci.ErrorCode;
import dev.berth.oci.MediaType;
import dev.berth.oci.RegistryException;
import dev.berth.oci.RepositoryName;
import dev.berth.oci.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListingEndpointsTest {
  private static final Digest SUBJECT = Digest.parse("sha256:" + "5".repeat(64));
  private static final int REFERRERS_BYTES = 600;
  private static final Pattern LINK = Pattern.compile("<(.*)>; rel=\"next\"");
  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  private final FakeRegistry registry = new FakeRegistry();
  private final OciHandler handler = handler(REFERRERS_BYTES);

  private OciHandler handler(int referrersBytes) {
    var limits = new HttpSettings.Limits(1, 1, 20, referrersBytes);
    return OciHandlers.of(
        registry,
        new HttpSettings("/my/", Optional.empty(), Optional.empty(), Map.of(), false, limits));
  }

  private FakeExchange get(String target) {
    return new FakeExchange("GET", "/my" + target).through(handler);
  }

  private void tags(String... tags) {
    for (String tag : tags) {
      registry.tags.put(new Tag(tag), SUBJECT);
    }
  }

  @Test
  void listsAllTagsWithoutANumber() {
    tags("b", "a", "C");

    FakeExchange answer = get("/v2/team/app/tags/list");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("{\"name\":\"team/app\",\"tags\":[\"C\",\"a\",\"b\"]}\n");
    assertThat(answer.field("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.has("Link")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?n=2         | "a","b" | </my/v2/x/tags/list?last=b&n=2>; rel="next"
          ?n=2&last=b  | "c"     | ''
          ?n=3         | "a","b","c" | ''
          ?n=99        | "a","b","c" | ''
          ?n=0         | ''      | ''
          ?last=a      | "b","c" | ''
          ?last=bb&n=1 | "c"     | ''
          ?n=1&last=zz | ''      | ''
          """)
  void pagesTags(String query, String tags, String link) {
    tags("a", "b", "c");

    FakeExchange answer = get("/v2/x/tags/list" + query);

    assertThat(answer.text()).isEqualTo("{\"name\":\"x\",\"tags\":[" + tags + "]}\n");
    assertThat(answer.field("Link")).isEqualTo(link);
  }

  @Test
  void knowsNoTagsOfUnknownRepositories() {
    registry.failure =
        Optional.of(
            new RegistryException(
                ErrorCode.NAME_UNKNOWN, ErrorCode.NAME_UNKNOWN.message(), Map.of("name", "x")));

    FakeExchange answer = get("/v2/x/tags/list");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).contains("\"detail\":{\"name\":\"x\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''           | "a","b/c","d" | ''
          ?n=2         | "a","b/c" | </my/v2/_catalog?last=b%2Fc&n=2>; rel="next"
          ?n=2&last=b%2Fc | "d"   | ''
          ?n=0         | ''        | ''
          ?n=-1        | "a","b/c","d" | ''
          ?n=abc       | "a","b/c","d" | ''
          """)
  void pagesTheCatalog(String query, String names, String link) {
    registry.repositories.addAll(
        List.of(new RepositoryName("a"), new RepositoryName("b/c"), new RepositoryName("d")));

    FakeExchange answer = get("/v2/_catalog" + query);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("{\"repositories\":[" + names + "]}\n");
    assertThat(answer.field("Link")).isEqualTo(link);
  }

  @Test
  void keepsTheCatalogSmallByDefault() {
    for (int i = 100; i < 150; i++) {
      registry.repositories.add(new RepositoryName("r" + i));
    }

    FakeExchange answer = get("/v2/_catalog");

    assertThat(answer.text().split(",")).hasSize(20);
    assertThat(answer.field("Link")).isEqualTo("</my/v2/_catalog?last=r119&n=20>; rel=\"next\"");
  }

  @Test
  void refusesMoreOfTheCatalogThanIsAllowed() {
    FakeExchange answer = get("/v2/_catalog?n=21");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text())
        .contains("\"code\":\"PAGINATION_NUMBER_INVALID\"", "\"detail\":{\"n\":21}");
  }

  private Digest refer(int number, Optional<String> type) {
    Digest digest = Digest.parse("sha256:" + Integer.toString(number).repeat(64));
    registry.referrers.add(
        new Descriptor(MediaType.OCI_MANIFEST.value(), digest, number, type, Map.of()));
    return digest;
  }

  @Test
  void listsReferrers() {
    Digest second = refer(2, Optional.of("a/b"));
    Digest first = refer(1, Optional.empty());

    FakeExchange answer = get("/v2/x/referrers/" + SUBJECT);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).isEqualTo(MediaType.OCI_INDEX.value());
    assertThat(answer.has("OCI-Filters-Applied")).isFalse();
    assertThat(digests(answer)).containsExactly(first.toString(), second.toString());
  }

  @Test
  void listsNoReferrersOfWhatNobodyKnows() {
    FakeExchange answer = get("/v2/x/referrers/" + SUBJECT);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text())
        .isEqualTo(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                + "\"manifests\":[]}\n");
  }

  @Test
  void filtersReferrersByType() {
    Digest typed = refer(1, Optional.of("a/b"));
    Digest other = refer(2, Optional.of("c/d"));
    Digest none = refer(3, Optional.empty());

    FakeExchange byType = get("/v2/x/referrers/" + SUBJECT + "?artifactType=a%2Fb");
    FakeExchange without = get("/v2/x/referrers/" + SUBJECT + "?artifactType=");
    FakeExchange unknown = get("/v2/x/referrers/" + SUBJECT + "?artifactType=x/y");

    assertThat(digests(byType)).containsExactly(typed.toString()).doesNotContain(other.toString());
    assertThat(byType.field("OCI-Filters-Applied")).isEqualTo("artifactType");
    assertThat(digests(without)).containsExactly(none.toString());
    assertThat(digests(unknown)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"''", "?n=2", "?artifactType=a%2Fb", "?n=1&artifactType=a/b"})
  void pagesReferrersWithoutLosingAny(String query) {
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      expected.add(refer(i, Optional.of("a/b")).toString());
    }

    List<String> seen = new ArrayList<>();
    String next = "/v2/x/referrers/" + SUBJECT + query;
    int pages = 0;
    while (!next.isEmpty()) {
      FakeExchange answer = get(next);
      assertThat(answer.bytes().length).isLessThanOrEqualTo(REFERRERS_BYTES + 200);
      seen.addAll(digests(answer));
      Matcher link = LINK.matcher(answer.field("Link"));
      next = link.matches() ? link.group(1).substring("/my".length()) : "";
      pages++;
      assertThat(pages).isLessThanOrEqualTo(expected.size());
    }

    assertThat(seen).containsExactlyElementsOf(expected);
    assertThat(pages).isGreaterThan(1);
  }

  @Test
  void setsMemoryAsideForLargeListsAlone() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      many.add("tag-with-a-name-" + i);
    }
    tags("one");
    FakeExchange small = get("/v2/x/tags/list");
    tags(many.toArray(String[]::new));
    FakeExchange large = get("/v2/x/tags/list");
    FakeExchange refused =
        new FakeExchange("GET", "/my/v2/x/tags/list").withoutRoom().through(handler);

    assertThat(small.setAside()).isZero();
    assertThat(large.setAside()).isEqualTo(large.bytes().length).isGreaterThan(80_000);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text()).contains("too many large lists");
  }

  @Test
  void setsMemoryAsideForManyReferrersAlone() {
    for (int i = 0; i < 200; i++) {
      registry.referrers.add(
          new Descriptor(
              MediaType.OCI_MANIFEST.value(),
              Digest.parse("sha256:%064x".formatted(i)),
              1,
              Optional.empty(),
              Map.of()));
    }
    OciHandler wide = handler(1 << 20);
    String path = "/my/v2/x/referrers/" + SUBJECT;

    assertThat(new FakeExchange("GET", path + "?n=9").through(wide).setAside()).isZero();
    FakeExchange many = new FakeExchange("GET", path).through(wide);
    FakeExchange refused = new FakeExchange("GET", path).withoutRoom().through(wide);

    assertThat(digests(many)).hasSize(200);
    assertThat(many.setAside()).isGreaterThan(1 << 20);
    assertThat(refused.status()).isEqualTo(503);
  }

  @Test
  void sendsAReferrerThatIsLargerThanAPageByItself() {
    Digest digest = Digest.parse("sha256:" + "7".repeat(64));
    registry.referrers.add(
        new Descriptor(
            MediaType.OCI_MANIFEST.value(),
            digest,
            1,
            Optional.empty(),
            Map.of("long", "x".repeat(2 * REFERRERS_BYTES))));

    assertThat(digests(get("/v2/x/referrers/" + SUBJECT))).containsExactly(digest.toString());
  }

  private static List<String> digests(FakeExchange answer) {
    return DIGEST.matcher(answer.text()).results().map(match -> match.group()).toList();
  }
}
