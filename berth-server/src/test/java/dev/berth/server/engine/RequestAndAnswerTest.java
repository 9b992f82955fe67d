package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What a handler sees of a request, and what a client gets of an answer.
class RequestAndAnswerTest {
  private final AtomicReference<RequestHead> seen = new AtomicReference<>();

  private void echo(HttpExchange exchange) throws IOException {
    seen.set(exchange.head());
    String body = TestingEngine.read(exchange);
    exchange.respond(
        TestingEngine.text(exchange.head().method() + " " + exchange.head().path() + " " + body));
  }

  @Test
  void theHeadArrivesAsSent() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::echo);
        RawClient client = engine.connect()) {
      client.send("DELETE /v2/a%2Fb?x=%20&y HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: 2\r\n\r\n");
      assertThat(client.reply().text()).isEqualTo("DELETE /v2/a%2Fb ");

      RequestHead head = seen.get();
      assertThat(head.path()).isEqualTo("/v2/a%2Fb");
      assertThat(head.query()).isEqualTo("x=%20&y");
      assertThat(head.version()).isEqualTo("HTTP/1.1");
      assertThat(head.secure()).isFalse();
      assertThat(head.remote()).isEqualTo("127.0.0.1:" + client.socket.getLocalPort());
      assertThat(head.headers().first("X-ONE")).contains("1");
      assertThat(head.headers().all("x-one")).containsExactly("1", "2");
      assertThat(head.headers().first("nothing")).isEmpty();
    }
  }

  @Test
  void theTargetMayHoldTheAuthority() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::echo);
        RawClient client = engine.connect()) {
      client.send("GET http://example.org:5000/v2/?n=1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.reply().text()).isEqualTo("GET /v2/ ");
      assertThat(seen.get().query()).isEqualTo("n=1");
    }
  }

  @Test
  void theClientOfTheJdkIsServed() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::echo);
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + engine.port() + "/x");
      // This client asks for an upgrade to HTTP/2 with its first request; the engine stays with
      // 1.1.
      for (int i = 0; i < 3; i++) {
        var request =
            HttpRequest.newBuilder(uri).PUT(HttpRequest.BodyPublishers.ofString("hello")).build();
        var reply = client.send(request, BodyHandlers.ofString());
        assertThat(reply.body()).isEqualTo("PUT /x hello");
        assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      }
    }
  }

  @Test
  void answersCarryStatusFieldsLengthAndDate() throws Exception {
    HttpResponse answer =
        new HttpResponse(
            201,
            List.of("Location", "/x", "Warning", "a", "Warning", "b"),
            new Content.Bytes("abc".getBytes(StandardCharsets.UTF_8)));
    try (TestingEngine engine = TestingEngine.start(exchange -> exchange.respond(answer));
        RawClient client = engine.connect()) {
      client.send("PUT /x HTTP/1.1\r\nHost: a\r\n\r\n");
      String raw = client.rawHead();

      assertThat(raw).startsWith("HTTP/1.1 201 Created\r\n");
      assertThat(raw.toLowerCase(java.util.Locale.ROOT))
          .contains("location: /x\r\n", "warning: a\r\n", "warning: b\r\n", "content-length: 3\r\n")
          .doesNotContain("transfer-encoding", "connection:");
      String date = raw.lines().filter(line -> line.startsWith("date:")).findFirst().orElseThrow();
      ZonedDateTime sent =
          ZonedDateTime.parse(date.substring(6), DateTimeFormatter.RFC_1123_DATE_TIME);
      assertThat(sent.toInstant().getEpochSecond() * 1000)
          .isBetween(System.currentTimeMillis() - 5000, System.currentTimeMillis() + 1000);
    }
  }

  @Test
  void headHasTheLengthAndNoBody() throws Exception {
    TestingEngine.Handler handler =
        exchange ->
            exchange.respond(
                switch (exchange.head().path()) {
                  case "/length" -> HttpResponse.of(200).with(new Content.Length(1L << 40));
                  case "/bytes" -> TestingEngine.text("12345");
                  default -> HttpResponse.of(404);
                });
    try (TestingEngine engine = TestingEngine.start(handler);
        RawClient client = engine.connect()) {
      client.send("HEAD /length HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.reply(false).field("content-length")).isEqualTo("1099511627776");
      client.send("HEAD /bytes HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.reply(false).field("content-length")).isEqualTo("5");
      assertThat(client.get("/none").status()).isEqualTo(404);
    }
  }

  @Test
  void noContentAndNotModifiedHaveNoBodyAndKeepTheConnection() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          int status = Integer.parseInt(exchange.head().path().substring(1));
          exchange.respond(HttpResponse.of(status).with(new Content.None()));
        };
    try (TestingEngine engine = TestingEngine.start(handler);
        RawClient client = engine.connect()) {
      for (String status : List.of("204", "304", "202", "204")) {
        RawClient.Reply reply = client.get("/" + status);
        assertThat(reply.status()).isEqualTo(Integer.parseInt(status));
        assertThat(reply.field("content-length")).isEqualTo(status.equals("202") ? "0" : "");
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    CountDownLatch sent = new CountDownLatch(1);
    TestingEngine.Handler waitsOnce =
        exchange -> {
          sent.await();
          echo(exchange);
        };
    try (TestingEngine engine = TestingEngine.start(waitsOnce);
        RawClient client = engine.connect()) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 500; i++) {
        requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
        requests
            .append("PUT /")
            .append(i)
            .append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
      }
      client.send(requests.toString());
      sent.countDown();
      for (int i = 0; i < 500; i++) {
        assertThat(client.reply().text()).isEqualTo("GET /" + i + " ");
        assertThat(client.reply().text()).isEqualTo("PUT /" + i + " body");
      }
    }
  }

  @Test
  void http10ClosesUnlessAskedToKeep() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::echo)) {
      try (RawClient client = engine.connect()) {
        client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        RawClient.Reply reply = client.reply();
        assertThat(reply.text()).isEqualTo("GET /a ");
        assertThat(reply.field("connection")).isEqualTo("keep-alive");
        assertThat(seen.get().version()).isEqualTo("HTTP/1.0");
        client.send("POST /b HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(client.reply().text()).isEqualTo("POST /b hi");
        assertThat(client.atEnd()).isTrue();
      }
    }
  }

  @Test
  void connectionCloseIsObeyed() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::echo);
        RawClient client = engine.connect()) {
      client.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(client.reply().field("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aHandlerThatFailsGivesAPlain500() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          switch (exchange.head().path()) {
            case "/throws" -> throw new IllegalStateException("planned by this test");
            case "/silent" -> {}
            case "/field" ->
                exchange.respond(HttpResponse.of(200).with("X-Bad", "a\r\nSet-Cookie: b"));
            default -> exchange.respond(TestingEngine.text("well"));
          }
        };
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(handler)) {
      for (String path : List.of("/throws", "/silent", "/field")) {
        try (RawClient client = engine.connect()) {
          assertThat(client.get(path).status()).as(path).isEqualTo(500);
        }
      }
      try (RawClient client = engine.connect()) {
        client.get("/throws");
        assertThat(client.get("/well").text()).isEqualTo("well");
      }
      assertThat(log.messages()).hasSize(4).anyMatch(line -> line.contains("/throws"));
    }
  }

  @Test
  void aSecondAnswerIsRefused() throws Exception {
    AtomicReference<Throwable> refused = new AtomicReference<>();
    TestingEngine.Handler handler =
        exchange -> {
          exchange.respond(TestingEngine.text("first"));
          try {
            exchange.respond(TestingEngine.text("second"));
          } catch (IllegalStateException e) {
            refused.set(e);
          }
        };
    try (TestingEngine engine = TestingEngine.start(handler);
        RawClient client = engine.connect()) {
      assertThat(client.get("/").text()).isEqualTo("first");
      TestingEngine.eventually("refused", () -> refused.get() != null);
      assertThat(client.get("/").text()).isEqualTo("first");
    }
  }
}
