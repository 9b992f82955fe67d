package dev.berth.server.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private static final Credentials ALICE = new Credentials("alice", "secret");

  private final Measurements measurements = new Measurements();
  private FaultyRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = new FaultyRegistry();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Answer get(String path, @Nullable Credentials who) throws Exception {
    Target target = registry.target(who);
    try (var connection = new Connection(target, measurements, new Stop())) {
      return connection.send(manifest(target, path));
    }
  }

  private static Call manifest(Target target, String path) {
    return Call.get(RequestKind.GET_MANIFEST, URI.create(target.url() + path), "r");
  }

  private RequestFailure failure(String path, @Nullable Credentials who) {
    return Objects.requireNonNull(catchThrowableOfType(RequestFailure.class, () -> get(path, who)));
  }

  private static boolean shows(HttpExchange exchange, String value) {
    return value.equals(exchange.getRequestHeaders().getFirst("Authorization"));
  }

  private static boolean challenge(HttpExchange exchange, String field) throws IOException {
    exchange.getResponseHeaders().set("WWW-Authenticate", field);
    FaultyRegistry.send(exchange, 401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");
    return true;
  }

  @Test
  void showsThePasswordOnceItIsAskedFor() throws Exception {
    registry.plant(e -> !shows(e, ALICE.basic()) && challenge(e, "Basic realm=\"x\""));
    Target target = registry.target(ALICE);

    try (var connection = new Connection(target, measurements, new Stop())) {
      connection.send(manifest(target, "/v2/"));
      connection.send(manifest(target, "/v2/"));
    }

    assertThat(registry.asked()).hasSize(3);
    assertThat(measurements.figures(RequestKind.GET_MANIFEST).count()).isEqualTo(2);
    assertThat(failure("/v2/", null).reason()).isEqualTo("401 UNAUTHORIZED");
    assertThat(failure("/v2/", new Credentials("alice", "other")).reason())
        .isEqualTo("401 UNAUTHORIZED");
  }

  @Test
  void fetchesOneTokenForAScope() throws Exception {
    registry.plant(
        e -> {
          if (e.getRequestURI().getPath().equals("/token")) {
            FaultyRegistry.send(
                e, shows(e, ALICE.basic()) ? 200 : 401, "{\"token\":\"abc\",\"expires_in\":60}");
            return true;
          }
          return !shows(e, "Bearer abc")
              && challenge(
                  e,
                  "Bearer realm=\"%s/token\",service=\"a b\",scope=\"repository:r:pull\""
                      .formatted(registry.url()));
        });
    Target target = registry.target(ALICE);

    try (var connection = new Connection(target, measurements, new Stop())) {
      connection.send(manifest(target, "/v2/"));
      connection.send(manifest(target, "/v2/"));
    }

    assertThat(registry.asked())
        .containsExactly(
            "GET /v2/",
            "GET /token?service=a+b&scope=repository%3Ar%3Apull",
            "GET /v2/",
            "GET /v2/");
    assertThat(measurements.figures(RequestKind.TOKEN).count()).isOne();
    RequestFailure refused = failure("/v2/", new Credentials("alice", "other"));
    assertThat(refused.kind()).isEqualTo(RequestKind.TOKEN);
    assertThat(refused.getMessage()).contains("/token").doesNotContain("other");
  }

  @Test
  void comesAgainOnceWhereItIsToldToWait() throws Exception {
    var refusals = new AtomicInteger(1);
    registry.plant(
        e -> {
          if (refusals.getAndDecrement() <= 0) {
            return false;
          }
          e.getResponseHeaders().set("Retry-After", "0");
          FaultyRegistry.send(e, 503, "{\"errors\":[{\"code\":\"UNAVAILABLE\"}]}");
          return true;
        });

    assertThat(get("/v2/", null).status()).isEqualTo(200);
    assertThat(measurements.waits()).isOne();

    refusals.set(2);
    assertThat(failure("/v2/", null).reason()).isEqualTo("503 UNAVAILABLE");
    assertThat(measurements.waits()).isEqualTo(2);
  }

  @Test
  void aRedirectedBlobIsReadElsewhereWithoutTheLogin() throws Exception {
    try (var elsewhere = new FaultyRegistry()) {
      elsewhere.plant(
          e -> {
            FaultyRegistry.send(
                e, e.getRequestHeaders().containsKey("Authorization") ? 400 : 200, "bytes");
            return true;
          });
      registry.plant(
          e -> {
            if (!shows(e, ALICE.basic())) {
              return challenge(e, "Basic realm=\"x\"");
            }
            e.getResponseHeaders().set("Location", elsewhere.url() + "/blob");
            FaultyRegistry.send(e, 307, "");
            return true;
          });
      Target target = registry.target(ALICE);

      try (var connection = new Connection(target, measurements, new Stop())) {
        var digest = FreshBlob.of("bytes".getBytes(StandardCharsets.UTF_8)).digest();
        Call call = Call.get(RequestKind.GET_BLOB, target.blob("r", digest), "r");

        assertThat(connection.read(call, digest).bytes()).isEqualTo(5);
      }
    }
  }

  @Test
  void saysWhyNothingCame() throws Exception {
    registry.plant(
        e -> {
          e.close();
          return true;
        });
    RequestFailure reset = failure("/v2/", null);
    registry.plant(
        e -> {
          FaultyRegistry.send(e, 500, "<html>\u001b[31m oh\nno");
          return true;
        });
    RequestFailure broken = failure("/v2/", null);
    registry.close();

    assertThat(reset.reason()).isEqualTo("connection reset");
    assertThat(broken.reason()).isEqualTo("500");
    assertThat(broken.getMessage()).endsWith("/v2/ answered 500: <html> [31m oh no");
    assertThat(failure("/v2/", null).reason()).isEqualTo("connection refused");
  }

  @Test
  void theFirstLookSaysWhatToDo() throws Exception {
    assertThat(new FirstLook(registry.target(null)).findObstacle()).isEmpty();
    for (var expected :
        List.of(
            "404,this is no registry", "301,the URL that it leads to", "400,https://", "500,500")) {
      String[] parts = expected.split(",");
      registry.plant(
          e -> {
            FaultyRegistry.send(e, Integer.parseInt(parts[0]), "no");
            return true;
          });
      assertThat(new FirstLook(registry.target(null)).findObstacle().orElseThrow())
          .contains(registry.url(), parts[1]);
    }
    registry.plant(e -> challenge(e, "Basic realm=\"x\""));
    assertThat(new FirstLook(registry.target(null)).findObstacle().orElseThrow())
        .endsWith("give a login with --user NAME");
    assertThat(new FirstLook(registry.target(ALICE)).findObstacle().orElseThrow())
        .endsWith("not the password of alice");
    assertThat(new FirstLook(registry.target(ALICE)).findObstacle().orElseThrow())
        .doesNotContain("secret");
  }

  @Test
  void theFirstLookFindsNobody() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var nobody = new Target(URI.create("http://127.0.0.1:" + port), null, SSLContext.getDefault());
    assertThat(new FirstLook(nobody).findObstacle().orElseThrow()).contains("connection refused");
  }

  @Test
  void theFirstLookFindsAServerWithoutTls() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> answerInPlainText(socket));
      String host = "127.0.0.1:" + socket.getLocalPort();
      var target = new Target(URI.create("https://" + host), null, SSLContext.getDefault());

      assertThat(new FirstLook(target).findObstacle().orElseThrow())
          .contains("does not speak TLS; try http://" + host);
    }
  }

  private static void answerInPlainText(ServerSocket socket) {
    try (var client = socket.accept()) {
      assertThat(client.getInputStream().read()).isNotNegative();
      client
          .getOutputStream()
          .write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
