package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T02:43:58.999Z"), ZoneId.of("Europe/Berlin"));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private static HttpHandler answering(int status, Content content) {
    return exchange -> exchange.respond(new HttpResponse(status, List.of(), content));
  }

  private String line(HttpHandler handler, FakeExchange request) {
    try (var log = new AccessLog(handler, out, CLOCK)) {
      log.handle(request);
    }
    return out.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void writesTheLineThatRegistryTwoWrites() {
    FakeExchange request =
        new FakeExchange("GET", "/v2/_catalog?n=5000")
            .header("User-Agent", "curl/7.88.1")
            .header("X-Forwarded-For", "9.9.9.9")
            .remote("127.0.0.1:1234");

    assertThat(line(answering(400, new Content.Bytes(new byte[118])), request))
        .isEqualTo(
            """
            127.0.0.1 - - [21/Nov/2026:03:43:58 +0100] "GET /v2/_catalog?n=5000 HTTP/1.1" 400 118 "" "curl/7.88.1"
            """);
  }

  @Test
  void namesThePeerWhateverItSaysOfProxies() {
    FakeExchange request = new FakeExchange("GET", "/v2/").header("X-Forwarded-For", "9.9.9.9");

    assertThat(line(answering(200, new Content.None()), request)).startsWith("10.0.0.7 - - [");
  }

  @Test
  void letsNoClientWriteLinesOfItsOwn() {
    FakeExchange request =
        new FakeExchange("G\"ET", "/a\"\\b")
            .header("User-Agent", "x\" 200\n1.2.3.4 - - \u0007")
            .header("Referer", "\u00fc\u20ac\u007f");

    assertThat(line(answering(200, new Content.None()), request))
        .endsWith(
            " \"G\\\"ET /a\\\"\\\\b HTTP/1.1\" 200 0 \"\\xfc\\u20ac\\x7f\""
                + " \"x\\\" 200\\x0a1.2.3.4 - - \\x07\"\n")
        .hasLineCount(1);
  }

  @Test
  void countsWhatTheBodyHas() {
    Content.Source source = (target, position) -> -1;

    assertThat(sizeOf(200, new Content.Bytes(new byte[7]))).isEqualTo("200 7");
    assertThat(sizeOf(200, new Content.Length(7))).isEqualTo("200 0");
    assertThat(sizeOf(404, new Content.Length(157))).isEqualTo("404 157");
    assertThat(sizeOf(204, new Content.None())).isEqualTo("204 0");
    assertThat(sizeOf(206, new Content.Range(source, 3, 0, () -> {}))).isEqualTo("206 0");
  }

  private String sizeOf(int status, Content content) {
    out.reset();
    String line = line(answering(status, content), new FakeExchange("GET", "/"));
    return line.replaceFirst("(?s).*HTTP/1.1\" (\\d+ \\d+) .*", "$1");
  }

  @Test
  void passesTheAnswerOn() {
    FakeExchange request = new FakeExchange("GET", "/").body("x");

    line(
        exchange -> {
          assertThat(exchange.head().path()).isEqualTo("/");
          assertThat(exchange.body()).isNotNull();
          exchange.respond(HttpResponse.of(204));
        },
        request);

    assertThat(request.status()).isEqualTo(204);
    assertThat(request.timesAskedForBody()).isEqualTo(1);
  }

  @Test
  void logsRequestsThatFail() {
    HttpHandler failing =
        _ -> {
          throw new IllegalStateException("broken");
        };

    assertThatThrownBy(() -> line(failing, new FakeExchange("GET", "/"))).hasMessage("broken");
    assertThat(out.toString(StandardCharsets.US_ASCII)).contains("\"GET / HTTP/1.1\" 500 0 ");
  }

  @Test
  void gathersLinesUntilItIsAskedForThem() {
    var log = new AccessLog(answering(200, new Content.None()), out, CLOCK);

    log.handle(new FakeExchange("GET", "/"));
    int before = out.size();
    log.flush();
    int after = out.size();
    log.flush();

    assertThat(before).isZero();
    assertThat(after).isPositive();
    assertThat(out.size()).isEqualTo(after);
  }

  @Test
  void writesByItselfWhenMuchIsGathered() throws InterruptedException {
    var written = new CountDownLatch(1);
    OutputStream telling =
        new OutputStream() {
          @Override
          public void write(int b) {
            written.countDown();
          }
        };
    var log = new AccessLog(answering(200, new Content.None()), telling, CLOCK);

    for (int i = 0; i < 70; i++) {
      log.handle(new FakeExchange("GET", "/" + "x".repeat(8000)));
    }

    assertThat(written.await(1, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void keepsNoRequestWaitingForWhoeverReadsTheLog() throws InterruptedException {
    var stuck = new CountDownLatch(1);
    var drained = new CountDownLatch(1);
    OutputStream undrained =
        new OutputStream() {
          @Override
          public void write(int b) {
            out.write(b);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            stuck.countDown();
            try {
              drained.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            super.write(bytes, offset, length);
          }
        };
    var log = new AccessLog(answering(200, new Content.None()), undrained, CLOCK);
    log.handle(new FakeExchange("GET", "/first"));
    Thread flushing = Thread.ofPlatform().daemon().start(log::flush);
    stuck.await();

    FakeExchange request = new FakeExchange("GET", "/");
    for (int i = 0; i < 400; i++) {
      request = new FakeExchange("GET", "/" + "x".repeat(8000));
      log.handle(request);
    }
    drained.countDown();
    flushing.join();
    log.close();

    assertThat(request.status()).isEqualTo(200);
    assertThat(out.toString(StandardCharsets.US_ASCII).lines())
        .allMatch(line -> line.endsWith(" HTTP/1.1\" 200 0 \"\" \"\""));
    assertThat(out.size()).isBetween(1 << 19, (1 << 20) + 1000);
  }

  @Test
  void servesOnWhenTheLogCannotBeWritten() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("closed");
          }
        };
    var log = new AccessLog(answering(200, new Content.None()), closed, CLOCK);
    FakeExchange request = new FakeExchange("GET", "/");

    log.handle(new FakeExchange("GET", "/"));
    log.flush();
    log.handle(request);
    log.close();

    assertThat(request.status()).isEqualTo(200);
  }
}
