package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.Digest;
import dev.berth.oci.RepositoryName;
import dev.berth.server.auth.Action;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.Need;
import dev.berth.server.auth.Sight;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What becomes of what an [Authenticator] decides.
class DecisionsTest {
  private final FakeRegistry registry = new FakeRegistry();

  private FakeExchange send(Decision decision, String method, String target) {
    OciHandler handler =
        OciHandlers.of(
            registry, HttpSettings.DEFAULT, (_, _, _) -> decision, () -> true, Witness.NONE);
    return new FakeExchange(method, target).body("").through(handler);
  }

  private static Decision sees(Sight sight) {
    return new Decision.Granted(Caller.named("anna"), sight);
  }

  @Test
  void whoMayNotIsTold403WithWhatIsMissing() {
    var denied =
        new Decision.Denied(
            Caller.named("anna"),
            "no rule lets anna push in a",
            List.of(new Need("repository", "a", Action.PUSH)));

    FakeExchange answer = send(denied, "POST", "/v2/a/blobs/uploads/");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.field("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.has("WWW-Authenticate")).isFalse();
    assertThat(answer.text())
        .isEqualTo(
            """
            {"errors":[{"code":"DENIED","message":"no rule lets anna push in a","detail":\
            [{"Type":"repository","Class":"","Name":"a","Action":"push"}]}]}
            """);
    assertThat(registry.uploads).isEmpty();
  }

  @Test
  void whereLoginsCannotBeCheckedClientsComeAgain() {
    FakeExchange answer = send(new Decision.Unavailable(), "GET", "/v2/");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.field("Retry-After")).isNotEmpty();
    assertThat(answer.text()).contains("UNAVAILABLE", "logins cannot be checked");
  }

  @Test
  void aMountFromAnywhereIsOnlyForThoseWhoMayPullEverywhere() {
    Digest held = registry.hold("hello".getBytes(StandardCharsets.US_ASCII));
    registry.repositories.add(new RepositoryName("b"));
    String anywhere = "/v2/a/blobs/uploads/?mount=" + held;

    assertThat(send(sees(Sight.AS_ASKED), "POST", anywhere).status()).isEqualTo(202);
    assertThat(registry.mounts).isZero();
    assertThat(send(sees(Sight.AS_ASKED), "POST", anywhere + "&from=b").status()).isEqualTo(201);
    assertThat(send(sees(Sight.ALL), "POST", anywhere).status()).isEqualTo(201);
  }

  @Test
  void theCatalogNamesWhatTheCallerMaySee() {
    for (String name : List.of("a", "b/c", "b/d", "b/e", "z")) {
      registry.repositories.add(new RepositoryName(name));
    }
    var sight = new Sight(false, name -> name.value().startsWith("b/"));

    FakeExchange all = send(sees(sight), "GET", "/v2/_catalog");
    FakeExchange first = send(sees(sight), "GET", "/v2/_catalog?n=2");
    FakeExchange second = send(sees(sight), "GET", "/v2/_catalog?last=b%2Fd&n=2");
    FakeExchange none = send(sees(Sight.AS_ASKED), "GET", "/v2/_catalog");

    assertThat(all.text()).isEqualTo("{\"repositories\":[\"b/c\",\"b/d\",\"b/e\"]}\n");
    assertThat(all.has("Link")).isFalse();
    assertThat(first.text()).isEqualTo("{\"repositories\":[\"b/c\",\"b/d\"]}\n");
    assertThat(first.field("Link")).isEqualTo("</v2/_catalog?last=b%2Fd&n=2>; rel=\"next\"");
    assertThat(second.text()).isEqualTo("{\"repositories\":[\"b/e\"]}\n");
    assertThat(second.has("Link")).isFalse();
    assertThat(none.text()).isEqualTo("{\"repositories\":[]}\n");
  }
}
