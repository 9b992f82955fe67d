package dev.berth.oci.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OciRoutesTest {
  private static final String HEX = "0123456789abcdef".repeat(4);
  private static final String SHA256 = "sha256:" + HEX;
  private static final String SHA512 = "sha512:" + HEX + HEX;

  private final OciRoutes routes = new OciRoutes("", false);

  /// One line: verb, path and query, and what comes out; D stands for a digest.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /v2/                                 | Ping[]
          HEAD   | /v2/                                 | Ping[]
          GET    | /v2/?ns=docker.io                    | Ping[]
          GET    | /v2/a/blobs/D                        | ReadBlob[repository=a, digest=D, headOnly=false]
          HEAD   | /v2/a/blobs/D                        | ReadBlob[repository=a, digest=D, headOnly=true]
          DELETE | /v2/a/blobs/D                        | DeleteBlob[repository=a, digest=D]
          GET    | /v2/a/b/c/blobs/D?ns=x               | ReadBlob[repository=a/b/c, digest=D, headOnly=false]
          GET    | /v2/a/manifests/latest               | ReadManifest[repository=a, reference=latest, headOnly=false]
          HEAD   | /v2/a/manifests/latest               | ReadManifest[repository=a, reference=latest, headOnly=true]
          GET    | /v2/a/manifests/D                    | ReadManifest[repository=a, reference=D, headOnly=false]
          GET    | /v2/a/manifests/_X.y-Z               | ReadManifest[repository=a, reference=_X.y-Z, headOnly=false]
          PUT    | /v2/a/manifests/latest               | PutManifest[repository=a, reference=latest, tags=[]]
          PUT    | /v2/a/manifests/D                    | PutManifest[repository=a, reference=D, tags=[]]
          PUT    | /v2/a/manifests/D?tag=1&tag=1.2&tag=1 | PutManifest[repository=a, reference=D, tags=[1, 1.2]]
          PUT    | /v2/a/manifests/D?tag=v%31           | PutManifest[repository=a, reference=D, tags=[v1]]
          DELETE | /v2/a/manifests/latest               | DeleteTag[repository=a, tag=latest]
          DELETE | /v2/a/manifests/D                    | DeleteManifest[repository=a, digest=D]
          GET    | /v2/a/tags/list                      | ListTags[repository=a, page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          HEAD   | /v2/a/tags/list                      | ListTags[repository=a, page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/a/tags/list?n=5&last=v1          | ListTags[repository=a, page=PageRequest[limit=OptionalInt[5], last=Optional[v1]]]
          GET    | /v2/a/tags/list?n=0                  | ListTags[repository=a, page=PageRequest[limit=OptionalInt[0], last=Optional.empty]]
          GET    | /v2/a/tags/list?n=&last=             | ListTags[repository=a, page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/a/tags/list?n=007                | ListTags[repository=a, page=PageRequest[limit=OptionalInt[7], last=Optional.empty]]
          GET    | /v2/a/tags/list?n=99999999999999999999999 | ListTags[repository=a, page=PageRequest[limit=OptionalInt[2147483647], last=Optional.empty]]
          GET    | /v2/a/tags/list?n=5&n=6              | ListTags[repository=a, page=PageRequest[limit=OptionalInt[5], last=Optional.empty]]
          GET    | /v2/a/referrers/D                    | ListReferrers[repository=a, subject=D, artifactType=Optional.empty, page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/a/referrers/D?artifactType=a/b   | ListReferrers[repository=a, subject=D, artifactType=Optional[a/b], page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/a/referrers/D?artifactType=a%2Fb%2Bc | ListReferrers[repository=a, subject=D, artifactType=Optional[a/b+c], page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/a/referrers/D?artifactType=      | ListReferrers[repository=a, subject=D, artifactType=Optional[], page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/a/referrers/D?n=2&last=D         | ListReferrers[repository=a, subject=D, artifactType=Optional.empty, page=PageRequest[limit=OptionalInt[2], last=Optional[D]]]
          GET    | /v2/_catalog                         | Catalog[page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/_catalog?n=3&last=a/b            | Catalog[page=PageRequest[limit=OptionalInt[3], last=Optional[a/b]]]
          GET    | /v2/_catalog?n=-1                    | Catalog[page=PageRequest[limit=OptionalInt.empty, last=Optional.empty]]
          GET    | /v2/_catalog?n=abc&last=b            | Catalog[page=PageRequest[limit=OptionalInt.empty, last=Optional[b]]]
          POST   | /v2/a/blobs/uploads/                 | StartUpload[repository=a, algorithm=Optional.empty]
          POST   | /v2/a/blobs/uploads/?digest-algorithm=sha512 | StartUpload[repository=a, algorithm=Optional[SHA512]]
          POST   | /v2/a/blobs/uploads/?digest=D        | PostBlob[repository=a, digest=D]
          POST   | /v2/a/blobs/uploads/?mount=D&from=b/c | MountBlob[repository=a, from=Optional[b/c], digest=D]
          POST   | /v2/a/blobs/uploads/?from=b%2Fc&mount=D | MountBlob[repository=a, from=Optional[b/c], digest=D]
          POST   | /v2/a/blobs/uploads/?mount=D         | MountBlob[repository=a, from=Optional.empty, digest=D]
          POST   | /v2/a/blobs/uploads/?mount=D&from=   | MountBlob[repository=a, from=Optional.empty, digest=D]
          POST   | /v2/a/blobs/uploads/?mount=nope&from=b | StartUpload[repository=a, algorithm=Optional.empty]
          POST   | /v2/a/blobs/uploads/?mount=D&from=B  | StartUpload[repository=a, algorithm=Optional.empty]
          POST   | /v2/a/blobs/uploads/?from=b          | StartUpload[repository=a, algorithm=Optional.empty]
          PATCH  | /v2/a/blobs/uploads/u-1?_state=abc%3d | AppendUpload[repository=a, id=u-1, state=Optional[abc=]]
          PATCH  | /v2/a/blobs/uploads/u-1?_state=abc=  | AppendUpload[repository=a, id=u-1, state=Optional[abc=]]
          PATCH  | /v2/a/blobs/uploads/u-1              | AppendUpload[repository=a, id=u-1, state=Optional.empty]
          PUT    | /v2/a/blobs/uploads/u-1?_state=s&digest=D | CommitUpload[repository=a, id=u-1, state=Optional[s], digest=D]
          PUT    | /v2/a/blobs/uploads/u-1?digest=sha256%3AH | CommitUpload[repository=a, id=u-1, state=Optional.empty, digest=D]
          GET    | /v2/a/blobs/uploads/u-1              | ReadUpload[repository=a, id=u-1, state=Optional.empty]
          HEAD   | /v2/a/blobs/uploads/u-1              | ReadUpload[repository=a, id=u-1, state=Optional.empty]
          DELETE | /v2/a/blobs/uploads/u-1?_state=s     | CancelUpload[repository=a, id=u-1, state=Optional[s]]
          GET    | /v2/a%2Fb/manifests/latest           | ReadManifest[repository=a/b, reference=latest, headOnly=false]
          GET    | /%762/a/manifests/lates%74           | ReadManifest[repository=a, reference=latest, headOnly=false]
          GET    | /v2/a/manifests/sha256%3aH           | ReadManifest[repository=a, reference=D, headOnly=false]
          """)
  void readsEachEndpoint(String verb, String target, String expected) {
    Route route = parse(verb, target.replace("D", SHA256).replace("H", HEX));

    assertThat(route).isInstanceOf(Route.Found.class);
    assertThat(((Route.Found) route).request().toString().replace(SHA256, "D")).isEqualTo(expected);
  }

  /// A name may hold the words of the protocol: paths are cut from the right.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "blobs",
        "manifests",
        "tags",
        "list",
        "uploads",
        "referrers",
        "v2",
        "catalog",
        "blobs/uploads",
        "tags/list",
        "a/blobs",
        "a/blobs/uploads",
        "a/manifests/latest",
        "a/tags/list",
        "v2/v2",
        "manifests/manifests",
        "blobs/blobs/uploads/uploads",
        "referrers/referrers",
        "a/tags",
        "list/list",
        "uploads/uploads",
        "a.b/c_d/e__f/g-h/i---j"
      })
  void takesTheWordsOfTheProtocolAsNames(String text) {
    var name = new RepositoryName(text);

    assertThat(OneOfEach.of(name, Digest.parse(SHA256)))
        .allSatisfy(
            request ->
                assertThat(parse(OciRoutes.method(request), OciRoutes.format(request)))
                    .isEqualTo(new Route.Found(request)));
  }

  @Test
  void readsWhatItWritesForEveryKindOfRequest() {
    var name = new RepositoryName("team/app");
    List<OciRequest> requests = OneOfEach.of(name, Digest.parse(SHA512));

    assertThat(requests.stream().<Object>map(Object::getClass).distinct().toList())
        .containsExactlyInAnyOrder((Object[]) OciRequest.class.getPermittedSubclasses());
    assertThat(requests)
        .allSatisfy(
            request ->
                assertThat(parse(OciRoutes.method(request), OciRoutes.format(request)))
                    .isEqualTo(new Route.Found(request)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"&&&", "&n=1&", "=", "=1", "a", "a=b=c", "&=&", "x=%E2%82%AC"})
  void passesOverParametersThatItDoesNotKnow(String query) {
    assertThat(parse("GET", "/v2/a/tags/list?" + query)).isInstanceOf(Route.Found.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/",
        "/v3/",
        "/v2x",
        "/V2/",
        "/nope",
        "/v2/a",
        "/v2/a/b",
        "/v2/tags/list",
        "/v2/blobs/uploads/",
        "/v2/manifests/latest",
        "/v2/a/tags",
        "/v2/a/tags/lists",
        "/v2/a/tags/list/x",
        "/v2/_catalog/x",
        "/v2/a/blob/D",
        "/v2/a/manifests",
        "/v2/a/blobs",
        "/v2/a/referrers",
        "/v2/_catalog%2F",
        "/v2%2Fa/x",
        "/x/v2/",
        "*",
        "v2",
        "/v2/a/Tags/list",
        "/v2/a/manifests/latest/x",
        "/../v2",
        "/v2/a/tags/list%2f",
        "/metrics",
        "/debug/health"
      })
  void knowsNoOtherPaths(String path) {
    assertThat(parse("GET", path.replace("D", SHA256))).isInstanceOf(Route.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v2, /v2/",
    "GET, /v2?a=b, /v2/?a=b",
    "POST, /v2/a/blobs/uploads, /v2/a/blobs/uploads/",
    "POST, /v2/a/blobs/uploads?mount=x, /v2/a/blobs/uploads/?mount=x",
    "GET, /v2/a/tags/list/, /v2/a/tags/list",
    "GET, /v2/a/tags/list/?n=1, /v2/a/tags/list?n=1",
    "GET, /v2/_catalog/, /v2/_catalog",
    "GET, /v2/a/manifests/latest/, /v2/a/manifests/latest",
    "PATCH, /v2/a/blobs/uploads/u/?_state=x, /v2/a/blobs/uploads/u?_state=x",
    "GET, //v2/, /v2/",
    "GET, /v2//, /v2/",
    "GET, /v2/a//b/tags/list, /v2/a/b/tags/list",
    "GET, ///v2///a////tags/list?n=1, /v2/a/tags/list?n=1",
  })
  void redirectsWhereASlashIsWrong(String verb, String target, String location) {
    assertThat(parse(verb, target)).isEqualTo(new Route.Moved(location));
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/v2", "//evil.example", "///", "//", "/\\evil", "/.//v2/"})
  void neverRedirectsElsewhere(String path) {
    assertThat(parse("GET", path)).isInstanceOf(Route.Unknown.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          POST    | /v2/                      | GET, HEAD
          DELETE  | /v2/                      | GET, HEAD
          POST    | /v2/_catalog              | GET, HEAD
          PUT     | /v2/a/tags/list           | GET, HEAD
          POST    | /v2/a/referrers/D         | GET, HEAD
          POST    | /v2/a/manifests/latest    | DELETE, GET, HEAD, PUT
          PATCH   | /v2/a/manifests/D         | DELETE, GET, HEAD, PUT
          PUT     | /v2/a/blobs/D             | DELETE, GET, HEAD
          GET     | /v2/a/blobs/uploads/      | POST
          PUT     | /v2/a/blobs/uploads/      | POST
          POST    | /v2/a/blobs/uploads/u     | DELETE, GET, HEAD, PATCH, PUT
          TRACE   | /v2/a/blobs/uploads/u     | DELETE, GET, HEAD, PATCH, PUT
          get     | /v2/                      | GET, HEAD
          BREW    | /v2/A/manifests/latest    | DELETE, GET, HEAD, PUT
          'GET, HEAD' | /v2/                  | GET, HEAD
          """)
  void namesTheVerbsOfAPath(String verb, String path, String allow) {
    String target = path.replace("D", SHA256);

    assertThat(parse(verb, target)).isEqualTo(new Route.WrongMethod(allow));
    assertThat(parse("OPTIONS", target)).isEqualTo(new Route.Verbs(allow));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PUT    | /v2/a/manifests/latest | GET, HEAD
          DELETE | /v2/a/manifests/latest | GET, HEAD
          DELETE | /v2/a/blobs/D          | GET, HEAD
          PATCH  | /v2/a/blobs/uploads/u  | GET, HEAD
          PUT    | /v2/a/blobs/uploads/u  | GET, HEAD
          DELETE | /v2/a/blobs/uploads/u  | GET, HEAD
          POST   | /v2/a/blobs/uploads/   | ''
          """)
  void knowsNoWritingVerbsWhenReadOnly(String verb, String path, String allow) {
    var readOnly = new OciRoutes("", true);
    String target = path.replace("D", SHA256);

    assertThat(readOnly.parse(verb, target, "")).isEqualTo(new Route.WrongMethod(allow));
    assertThat(readOnly.parse("OPTIONS", target, "")).isEqualTo(new Route.Verbs(allow));
  }

  @ParameterizedTest
  @ValueSource(strings = {"my/reg", "/my/reg", "my/reg/", "/my/reg/"})
  void servesUnderAPrefix(String prefix) {
    var prefixed = new OciRoutes(prefix, false);

    assertThat(prefixed.prefixPath()).isEqualTo("/my/reg");
    assertThat(prefixed.parse("GET", "/my/reg/v2/", ""))
        .isEqualTo(new Route.Found(new OciRequest.Ping()));
    assertThat(prefixed.parse("GET", "/my/reg/v2", "")).isEqualTo(new Route.Moved("/my/reg/v2/"));
    assertThat(prefixed.parse("GET", "/my//reg/v2/", "")).isEqualTo(new Route.Moved("/my/reg/v2/"));
    assertThat(prefixed.parse("GET", "/my/reg/v2/a/tags/list", "")).isInstanceOf(Route.Found.class);
    assertThat(prefixed.parse("GET", "/v2/", "")).isInstanceOf(Route.Unknown.class);
    assertThat(prefixed.parse("GET", "/my/v2/", "")).isInstanceOf(Route.Unknown.class);
    assertThat(prefixed.parse("GET", "/my/reg", "")).isInstanceOf(Route.Unknown.class);
  }

  private Route parse(String verb, String target) {
    int question = target.indexOf('?');
    return question < 0
        ? routes.parse(verb, target, "")
        : routes.parse(verb, target.substring(0, question), target.substring(question + 1));
  }
}
