package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that must not reach a handler: each is answered once, and the connection ends, since
/// nobody knows where the next request would begin.
class MalformedRequestTest {
  private final AtomicInteger handled = new AtomicInteger();
  private TestingEngine engine;

  @BeforeEach
  void start() throws IOException {
    engine =
        TestingEngine.start(
            exchange -> {
              handled.incrementAndGet();
              exchange.respond(TestingEngine.text(TestingEngine.count(exchange) + ""));
            });
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private void refused(String request, int status) throws IOException {
    try (RawClient client = engine.connect()) {
      client.send(request);
      RawClient.Reply reply = client.reply();
      assertThat(reply.status()).as(request).isEqualTo(status);
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
      assertThat(handled).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
        "POST / HTTP/1.1|Host: a|Transfer-Encoding: chunked|Content-Length: 5||0||",
        "POST / HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 6||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 5, 6||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: -1||",
        "POST / HTTP/1.1|Host: a|Content-Length: +5||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 0x5||hello",
        "POST / HTTP/1.1|Host: a|Content-Length: 99999999999999999999||",
        "POST / HTTP/1.1|Host: a|Content-Length : 5||hello",
        "POST / HTTP/1.0|Transfer-Encoding: chunked||0||",
        "GET / HTTP/1.1||",
        "GET / HTTP/1.1|Host: a|Host: b||",
        "GET foo HTTP/1.1|Host: a||",
        "OPTIONS * HTTP/1.1|Host: a||",
        "CONNECT a:443 HTTP/1.1|Host: a||",
        "GET http://a HTTP/1.1|Host: a||",
        "GET / HTTP/1.1|Host: a|No colon here||",
        "GET / HTTP/1.1|Host: a|B\u0000d: 1||",
        "GET / HTTP/1.1|Host: a|: empty||",
        "nonsense||",
        "\u0016\u0003\u0001\u0002||",
      })
  void isAnswered400(String request) throws IOException {
    refused(request.replace("|", "\r\n"), 400);
  }

  @ParameterizedTest
  @CsvSource({
    "Transfer-Encoding: gzip, 501",
    "Transfer-Encoding: chunked|Transfer-Encoding: chunked, 501",
    "Transfer-Encoding: xchunked, 501",
    "Expect: miracles, 417",
  })
  void whatIsNotSupportedIsSaid(String fields, int status) throws IOException {
    refused(("POST / HTTP/1.1|Host: a|" + fields + "||").replace("|", "\r\n"), status);
  }

  @Test
  void otherCodingsBeforeChunkedAreNotSupported() throws IOException {
    refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501);
  }

  @Test
  void otherVersionsAreRefused() throws IOException {
    refused("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505);
    refused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
  }

  @Test
  void aLineFeedAloneEndsNoLine() throws IOException {
    refused("GET / HTTP/1.1\nHost: a\n\n\r\n\r\n", 400);
  }

  @Test
  void anUrlOver16KibIsTooLong() throws IOException {
    refused("GET /" + "x".repeat(16 << 10) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
  }

  @Test
  void anUrlUnder16KibIsServed() throws IOException {
    try (RawClient client = engine.connect()) {
      assertThat(client.get("/" + "x".repeat(16_000)).status()).isEqualTo(200);
    }
  }

  @Test
  void fieldsOver64KibTogetherAreTooLong() throws IOException {
    String field = "x".repeat(8000);
    StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 9; i++) {
      request.append("X-").append(i).append(": ").append(field).append("\r\n");
    }
    refused(request + "\r\n", 431);
  }

  @Test
  void aGoodRequestBeforeABadOneIsAnswered() throws IOException {
    try (RawClient client = engine.connect()) {
      client.send(
          "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(client.reply().status()).isEqualTo(400);
      assertThat(client.atEnd()).isTrue();
      assertThat(handled).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz|hello|0||",
        "-5|hello|0||",
        "5|helloXX0||",
        "5;x|hello|Q|",
        "FFFFFFFFFFFFFFFFF|x",
        "5\n|hello|0||"
      })
  void aBrokenChunkIsAnswered400(String chunks) throws IOException {
    try (RawClient client = engine.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              + chunks.replace("|", "\r\n"));
      RawClient.Reply reply = client.reply();
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }
}
