package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.server.QuietLog;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients of HTTP/2 may not do: each is stopped, and what it held is given back.
class StreamLimitsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int CANCEL = (int) Http2Error.CANCEL.code();
  private static final int NO_ERROR = (int) Http2Error.NO_ERROR.code();
  private static final int REFUSED = (int) Http2Error.REFUSED_STREAM.code();
  private static final int CALM = (int) Http2Error.ENHANCE_YOUR_CALM.code();

  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicReference<String> failure = new AtomicReference<>("");

  static EngineSettings settings() {
    return TestingEngine.settings().with(TestTls.settings(true));
  }

  static EngineSettings impatient() {
    return settings()
        .with(new EngineSettings.Timeouts(SHORT, SHORT, SHORT, SHORT, Duration.ofMinutes(1), 0));
  }

  private void reads(HttpExchange exchange) throws IOException {
    running.incrementAndGet();
    try {
      exchange.respond(TestingEngine.text("took " + TestingEngine.count(exchange)));
    } catch (IOException e) {
      failure.set(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      running.decrementAndGet();
    }
  }

  private void waits(HttpExchange exchange) throws Exception {
    running.incrementAndGet();
    go.await();
    exchange.respond(TestingEngine.text("done"));
  }

  /// Nothing is held for a client that is gone, and another is served.
  static void allIsGivenBack(TestingEngine engine) throws IOException {
    TestingEngine.eventually(
        "given back",
        () -> {
          EngineLoad load = engine.engine.load();
          return load.inFlight() == 0
              && load.headBytes() == 0
              && load.bodyBytes() == 0
              && load.copiedBytes() == 0
              && load.answerBytes() == 0;
        });
    try (FrameClient client = new FrameClient(engine.port())) {
      assertThat(client.request(1, true, "GET", "/").reply(1).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | v2 | a | 400",
        "GET | /a b | a | 400",
        "GET | * | a | 400",
        "G T | / | a | 400",
        "GET | / | b | 400"
      })
  void malformedHeadsAreRefused(String method, String path, String host, int status)
      throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, true, method, path, "host", host);
      assertThat(client.reply(1).status()).isEqualTo(status);
      client.request(3, false, method, path, "host", host);
      assertThat(client.reply(3).status()).isEqualTo(status);
      assertThat(client.until(FrameClient.RST_STREAM).error()).isEqualTo(NO_ERROR);
      allIsGivenBack(engine);
    }
  }

  @Test
  void headsThatAreTooLargeAreRefused() throws Exception {
    String[] many = new String[400];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "x-" + i;
      many[i + 1] = "y";
    }
    try (TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, true, "GET", "/", many);
      assertThat(client.reply(1).status()).isEqualTo(431);
      client.request(3, true, "GET", "/" + "a".repeat(20_000));
      assertThat(client.reply(3).status()).isEqualTo(414);
      client.request(5, true, "GET", "/", "x", "y".repeat(70_000));
      assertThat(client.reply(5).status()).isEqualTo(431);
      client.request(7, true, "GET", "/", "expect", "the impossible");
      assertThat(client.reply(7).status()).isEqualTo(417);
      assertThat(client.request(9, true, "GET", "/").reply(9).status()).isEqualTo(200);
      allIsGivenBack(engine);
    }
  }

  @Test
  void fieldsThatBelongToHttp1ResetTheStream() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, true, "GET", "/", "transfer-encoding", "chunked");
      assertThat(client.reply(1).reset()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
      assertThat(client.request(3, true, "GET", "/").reply(3).status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyOfAnotherLengthThanAnnouncedFails() throws Exception {
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, false, "PUT", "/", "content-length", "10");
      // One that nobody has begun with is dropped.
      TestingEngine.eventually("it reads", () -> running.get() == 1);
      client.data(1, true, new byte[9]);
      assertThat(client.reply(1).reset()).isEqualTo((int) Http2Error.PROTOCOL_ERROR.code());
      TestingEngine.eventually("the handler knows", () -> !failure.get().isEmpty());
      allIsGivenBack(engine);
      assertThat(log.messages()).noneMatch(line -> line.contains("request failed: GET"));
    }
  }

  @Test
  void aClientThatGivesUpEndsTheBody() throws Exception {
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, false, "PUT", "/").data(1, false, new byte[10_000]);
      TestingEngine.eventually("it reads", () -> running.get() == 1);
      client.reset(1, CANCEL);
      TestingEngine.eventually("the handler knows", () -> running.get() == 0);
      assertThat(failure.get()).contains("gave the request up");
      client.request(3, false, "PUT", "/").data(3, false, new byte[10_000]);
      TestingEngine.eventually("it reads", () -> running.get() == 1);
      client.leave();
      TestingEngine.eventually("the handler knows", () -> running.get() == 0);
      allIsGivenBack(engine);
      assertThat(log.messages()).noneMatch(line -> line.contains("Exception"));
    }
  }

  @Test
  void aBodyThatNobodyReadsIsHeldUpByItsWindow() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::waits);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, false, "PUT", "/");
      for (int sent = 0; sent < 65_535; sent += 13_107) {
        client.data(1, false, new byte[13_107]);
      }
      TestingEngine.eventually("it came", () -> engine.engine.load().bodyBytes() >= 65_535);
      client.data(1, false, new byte[1]);
      assertThat(client.until(FrameClient.RST_STREAM).error())
          .isEqualTo((int) Http2Error.FLOW_CONTROL_ERROR.code());
      go.countDown();
      allIsGivenBack(engine);
    }
  }

  /// The table of fields that were sent before is the client's to size, and this side's to hold.
  @Test
  void noAnswerFillsTheTableThatAClientOffers() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      byte[] large = {0, 1, 0, 0x10, 0, 0};
      client.send(FrameClient.SETTINGS, 0, 0, large);
      client.request(1, true, "GET", "/").until(FrameClient.HEADERS);
      byte[] first = client.request(3, true, "GET", "/").until(FrameClient.HEADERS).payload();
      byte[] second = client.request(5, true, "GET", "/").until(FrameClient.HEADERS).payload();
      assertThat(second).hasSameSizeAs(first).hasSizeGreaterThan(30);
    }
  }

  @Test
  void bodiesOfReadsAreThrownAway() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::waits);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, false, "GET", "/");
      for (int i = 0; i < 40; i++) {
        client.data(1, false, new byte[1500]);
      }
      TestingEngine.eventually("it runs", () -> running.get() == 1);
      assertThat(engine.engine.load().bodyBytes()).isZero();
      client.data(1, true, new byte[1]);
      go.countDown();
      assertThat(client.reply(1).text()).isEqualTo("done");
    }
  }

  @Test
  void tooManyStreamsAreRefused() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::waits);
        FrameClient client = new FrameClient(engine.port())) {
      for (int i = 0; i <= StreamConnection.MAX_STREAMS; i++) {
        client.request(1 + 2 * i, true, "GET", "/");
      }
      FrameClient.Frame refused = client.until(FrameClient.RST_STREAM);
      assertThat(refused.stream()).isEqualTo(1 + 2 * StreamConnection.MAX_STREAMS);
      assertThat(refused.error()).isEqualTo(REFUSED);
      go.countDown();
      assertThat(client.reply(1).status()).isEqualTo(200);
      allIsGivenBack(engine);
    }
  }

  @Test
  void headsOfAllStreamsTogetherAreBounded() throws Exception {
    try (TestingEngine engine =
            TestingEngine.start(
                settings(), new MemoryBudget(20_000), TestingEngine.answers(1 << 20), this::waits);
        FrameClient client = new FrameClient(engine.port())) {
      for (int i = 0; i < 10; i++) {
        client.request(1 + 2 * i, true, "GET", "/");
      }
      assertThat(client.until(FrameClient.RST_STREAM).error()).isEqualTo(REFUSED);
      go.countDown();
      allIsGivenBack(engine);
    }
  }

  @Test
  void whenNoThreadIsFreeTheAnswerSaysSo() throws Exception {
    EngineSettings.Pool one = new EngineSettings.Pool(1, 0);
    try (TestingEngine engine = TestingEngine.start(settings().withPools(one, one), this::waits);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, true, "GET", "/");
      TestingEngine.eventually("it runs", () -> running.get() == 1);
      FrameClient.Reply reply = client.request(3, true, "GET", "/").reply(3);
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.fields()).containsEntry("retry-after", "1");
      go.countDown();
      assertThat(client.reply(1).status()).isEqualTo(200);
    }
  }

  @Test
  void aFloodOfResetsEndsTheConnection() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      try {
        for (int i = 0; i < 100_000; i++) {
          client.request(1 + 2 * i, true, "GET", "/").reset(1 + 2 * i, CANCEL);
        }
      } catch (IOException closed) {
        assertThat(closed).hasMessageMatching(".*(reset|[Bb]roken pipe|closed).*");
      }
      assertThat(client.end()).isIn(CALM, -1);
      allIsGivenBack(engine);
    }
  }

  @Test
  void floodsOfEmptyFramesEndTheConnection() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::reads)) {
      try (FrameClient client = new FrameClient(engine.port())) {
        client.settled().request(1, false, "PUT", "/").flood(12, FrameClient.DATA, 1);
        assertThat(client.end()).isEqualTo(CALM);
      }
      try (FrameClient client = new FrameClient(engine.port())) {
        client.settled().send(FrameClient.HEADERS, 0, 1, new byte[0]);
        client.flood(20, FrameClient.CONTINUATION, 1);
        assertThat(client.end()).isEqualTo(CALM);
      }
      allIsGivenBack(engine);
    }
  }

  /// Each is to be answered, and the answers are never taken: some 100,000 fill the buffers of the
  /// kernel.
  @ParameterizedTest
  @ValueSource(ints = {FrameClient.PING, FrameClient.SETTINGS})
  void aFloodWhoseAnswersNobodyReadsEndsTheConnection(int type) throws Exception {
    byte[] payload = new byte[type == FrameClient.PING ? 8 : 0];
    try (TestingEngine engine = TestingEngine.start(settings(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 600_000; i++) {
                  client.send(type, 0, 0, payload);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageMatching(".*(reset|[Bb]roken pipe|closed).*");
      TestingEngine.eventually("closed", () -> engine.engine.load().connections() == 0);
      allIsGivenBack(engine);
    }
  }

  @Test
  void aBodyThatComesTooSlowlyIsGivenUp() throws Exception {
    Duration minute = Duration.ofMinutes(1);
    EngineSettings slow =
        settings()
            .with(
                new EngineSettings.Timeouts(
                    minute, minute, minute, minute, Duration.ofMillis(600), 1 << 20));
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(slow, this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, false, "PUT", "/");
      for (int i = 0; i < 200 && failure.get().isEmpty(); i++) {
        client.data(1, false, new byte[10]);
        TestingEngine.pause(20);
      }
      assertThat(failure.get()).contains("too slowly");
      assertThat(client.reply(1).reset()).isEqualTo(CANCEL);
      allIsGivenBack(engine);
      assertThat(log.messages()).noneMatch(line -> line.contains("request failed"));
    }
  }

  @Test
  void idleConnectionsEnd() throws Exception {
    try (TestingEngine engine = TestingEngine.start(impatient(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      assertThat(client.request(1, true, "GET", "/").reply(1).status()).isEqualTo(200);
      assertThat(client.end()).isEqualTo(NO_ERROR);
      TestingEngine.eventually("closed", () -> engine.engine.load().connections() == 0);
    }
  }

  @Test
  void aBodyThatDoesNotComeIsGivenUp() throws Exception {
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(impatient(), this::reads);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, false, "PUT", "/").data(1, false, new byte[10]);
      assertThat(client.reply(1).reset()).isEqualTo(CANCEL);
      TestingEngine.eventually("the handler knows", () -> !failure.get().isEmpty());
      assertThat(failure.get()).contains("no byte of the body came");
      allIsGivenBack(engine);
      assertThat(log.messages()).noneMatch(line -> line.contains("request failed"));
    }
  }

  @Test
  void aHandlerThatDoesNotAnswerIsAnsweredFor() throws Exception {
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(impatient(), this::waits);
        FrameClient client = new FrameClient(engine.port())) {
      assertThat(client.request(1, true, "GET", "/").reply(1).status()).isEqualTo(503);
      go.countDown();
      assertThat(log.messages()).anyMatch(line -> line.contains("no answer in time"));
    }
  }

  @Test
  void aRequestWhoseHeadIsItsEndHasABodyOfNoLength() throws Exception {
    try (TestingEngine engine =
            TestingEngine.start(
                settings(),
                exchange ->
                    exchange.respond(
                        TestingEngine.text(
                            exchange.head().headers().first("Content-Length").orElse("none"))));
        FrameClient client = new FrameClient(engine.port())) {
      assertThat(client.request(1, true, "POST", "/").reply(1).text()).isEqualTo("0");
      client.request(3, false, "POST", "/").data(3, true, new byte[0]);
      assertThat(client.reply(3).text()).isEqualTo("none");
    }
  }

  @Test
  void whoWaitsToBeAskedForABodyIsAskedOrRefused() throws Exception {
    try (TestingEngine engine =
            TestingEngine.start(
                settings(),
                exchange -> {
                  if (exchange.head().path().equals("/read")) {
                    reads(exchange);
                  } else {
                    exchange.respond(TestingEngine.text("no"));
                  }
                });
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, false, "PUT", "/read", "expect", "100-continue");
      assertThat(client.until(FrameClient.HEADERS).fields()).containsEntry(":status", "100");
      client.data(1, true, new byte[7]);
      assertThat(client.reply(1).text()).isEqualTo("took 7");

      client.request(3, false, "PUT", "/", "expect", "100-continue");
      FrameClient.Reply reply = client.reply(3);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(client.until(FrameClient.RST_STREAM).error()).isEqualTo(NO_ERROR);
      allIsGivenBack(engine);
    }
  }
}
