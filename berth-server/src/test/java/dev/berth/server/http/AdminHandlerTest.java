package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.auth.AdminGate;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.Sight;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.health.Readiness;
import dev.berth.server.reload.Reloads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class AdminHandlerTest {
  private static final Decision ROOT = new Decision.Granted(Caller.named("root"), Sight.AS_ASKED);
  private static final HttpHandler OTHERS = exchange -> exchange.respond(HttpResponse.of(204));

  private static final AdminStatus STATUS =
      new AdminStatus(
          "1.2",
          "here:5000",
          List.of(new Readiness.State("serving", null)),
          List.of(
              new Readiness.State("serving", null),
              new Readiness.State("store-write", "full \"x\"")),
          List.of(new Reloads.State("http.tls", Instant.EPOCH, "gone")),
          new AdminStatus.Load(3, 2, 1),
          List.of(new AdminStatus.Queue("hook", 7, 8, 9)));

  private static FakeExchange send(Decision decision, String method, String target) {
    Predicate<Caller> admins = caller -> caller.name().equals("root");
    var gate = new AdminGate(null, admins, (_, _, _) -> decision);
    return new FakeExchange(method, target)
        .body("")
        .through(new AdminHandler(OTHERS, HttpSettings.DEFAULT, gate, () -> STATUS));
  }

  @Test
  void tellsAnAdminHowTheServerIs() {
    FakeExchange answer = send(ROOT, "GET", "/berth/v1/status");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).isEqualTo("application/json; charset=utf-8");
    assertThat(answer.field("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.text())
        .isEqualTo(
            """
            {"version":"1.2","replica":"here:5000","ready":{"pull":true,"push":false},\
            "states":{"serving":"ok","store-write":"full \\"x\\""},\
            "reloads":[{"key":"http.tls","lastGood":"1970-01-01T00:00:00Z","fault":"gone"}],\
            "connections":3,"requestsInFlight":2,"uploadsOpen":1,\
            "events":[{"endpoint":"hook","pending":7,"deadLetters":8,"dropped":9}]}
            """);
    assertThat(send(ROOT, "HEAD", "/berth/v1/status").bytes()).isEmpty();
  }

  @Test
  void otherPathsAreForOthers() {
    for (String path : List.of("/", "/v2/", "/berth/", "/berth/v1", "/berth/v10/status")) {
      assertThat(send(ROOT, "GET", path).status()).as(path).isEqualTo(204);
    }
  }

  @Test
  void whatIsNotThereIs404AndWhatCannotBeDoneIs405() {
    assertThat(send(ROOT, "GET", "/berth/v1/").status()).isEqualTo(404);
    assertThat(send(ROOT, "GET", "/berth/v1/status/").status()).isEqualTo(404);
    FakeExchange post = send(ROOT, "POST", "/berth/v1/status");
    assertThat(post.status()).isEqualTo(405);
    assertThat(post.field("Allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void whoIsNoAdminLearnsNothing() {
    for (String path : List.of("/berth/v1/status", "/berth/v1/nothing")) {
      FakeExchange known = send(new Decision.Granted(Caller.named("bob"), Sight.ALL), "GET", path);
      assertThat(known.status()).isEqualTo(403);
      assertThat(known.text()).contains("no rule of the policy makes bob an admin");
      FakeExchange nobody = send(new Decision.Granted(Caller.ANONYMOUS, Sight.ALL), "GET", path);
      assertThat(nobody.status()).isEqualTo(401);
      assertThat(nobody.field("WWW-Authenticate")).isEqualTo("Basic realm=\"berth\"");
    }
  }

  @Test
  void wrongLoginsAreAnsweredAsElsewhere() {
    FakeExchange wrong =
        send(new Decision.Unknown("Basic x", Duration.ofSeconds(3)), "GET", "/berth/v1/status");
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(wrong.field("WWW-Authenticate")).isEqualTo("Basic x");
    assertThat(wrong.delay()).isEqualTo(Duration.ofSeconds(3));
    assertThat(send(new Decision.Busy(), "GET", "/berth/v1/status").status()).isEqualTo(429);
    assertThat(send(new Decision.Unavailable(), "GET", "/berth/v1/status").status()).isEqualTo(503);
  }
}
