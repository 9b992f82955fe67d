package dev.berth.server.engine;

import static dev.berth.server.engine.StreamLimitsTest.allIsGivenBack;
import static dev.berth.server.engine.StreamLimitsTest.impatient;
import static dev.berth.server.engine.StreamLimitsTest.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Answers that clients of HTTP/2 do not take: each is given up in the end, and what it held is
/// given back.
class StreamAnswerLimitsTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final int CANCEL = (int) Http2Error.CANCEL.code();

  @TempDir private Path folder;

  @Test
  void answersThatManyStreamsDoNotTakeAreBounded() throws Exception {
    byte[] noWindow = {0, 4, 0, 0, 0, 0};
    try (TestingEngine engine =
        TestingEngine.start(
            settings(),
            MemoryBudget.ofHeap(16),
            TestingEngine.answers(100_000),
            exchange -> exchange.respond(TestingEngine.text("x".repeat(20_000))))) {
      try (FrameClient client = new FrameClient(engine.port())) {
        client.send(FrameClient.SETTINGS, 0, 0, noWindow);
        List<String> statuses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          client.request(1 + 2 * i, true, "GET", "/");
          statuses.add(client.until(FrameClient.HEADERS).fields().getOrDefault(":status", ""));
        }
        assertThat(statuses).hasSize(10).contains("503").filteredOn("200"::equals).hasSize(5);
        assertThat(engine.engine.load().answerBytes()).isEqualTo(100_000);
      }
      allIsGivenBack(engine);
    }
  }

  @Test
  void aRefusalThatTheClientDoesNotTakeIsGivenUp() throws Exception {
    byte[] noWindow = {0, 4, 0, 0, 0, 0};
    try (TestingEngine engine =
            TestingEngine.start(
                impatient(), exchange -> exchange.respond(TestingEngine.text("here")));
        FrameClient client = new FrameClient(engine.port())) {
      client.send(FrameClient.SETTINGS, 0, 0, noWindow);
      client.request(1, true, "GET", "/" + "a".repeat(20_000));
      FrameClient.Reply reply = client.reply(1);
      assertThat(reply.status()).isEqualTo(414);
      assertThat(reply.reset()).isEqualTo(CANCEL);
      allIsGivenBack(engine);
    }
  }

  /// It takes no more than its first window; one piece of the file waits for it.
  @Test
  void aClientThatStopsReadingIsGivenUp() throws Exception {
    Path file = folder.resolve("file");
    Files.write(file, new byte[4 << 20]);
    AtomicInteger released = new AtomicInteger();
    try (TestingEngine engine =
            TestingEngine.start(
                impatient(),
                exchange -> {
                  FileChannel channel = FileChannel.open(file);
                  exchange.respond(
                      HttpResponse.of(200)
                          .with(new Content.File(channel, 0, 4 << 20, released::incrementAndGet)));
                });
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, true, "GET", "/");
      TestingEngine.eventually("a piece waits", () -> engine.engine.load().copiedBytes() > 0);
      assertThat(engine.engine.load().copiedBytes()).isLessThanOrEqualTo(64 << 10);
      assertThat(client.until(FrameClient.RST_STREAM).error()).isEqualTo(CANCEL);
      TestingEngine.eventually("released", () -> released.get() == 1);
      TestingEngine.eventually("given back", () -> engine.engine.load().copiedBytes() == 0);
      TestingEngine.eventually("nothing in flight", () -> engine.engine.inFlight() == 0);
    }
  }

  /// To let it send costs nothing; only what it takes counts.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatOnlyMovesItsWindowIsGivenUp(boolean file) throws Exception {
    byte[] bytes = new byte[1 << 20];
    Path path = folder.resolve("file");
    Files.write(path, bytes);
    try (TestingEngine engine =
            TestingEngine.start(
                impatient(),
                exchange ->
                    exchange.respond(
                        file
                            ? HttpResponse.of(200)
                                .with(
                                    new Content.File(
                                        FileChannel.open(path), 0, bytes.length, () -> {}))
                            : HttpResponse.of(200).with(new Content.Bytes(bytes))));
        FrameClient client = new FrameClient(engine.port())) {
      client.settled().send(FrameClient.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
      client.request(1, true, "GET", "/");
      TestingEngine.eventually(
          "it waits",
          () -> engine.engine.load().copiedBytes() + engine.engine.load().answerBytes() > 0);
      for (int i = 0; i < 400 && engine.engine.inFlight() > 0; i++) {
        client.send(FrameClient.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, (byte) (1 - i % 2)});
        TestingEngine.pause(10);
      }
      assertThat(client.until(FrameClient.RST_STREAM).error()).isEqualTo(CANCEL);
      allIsGivenBack(engine);
    }
  }

  /// Each piece well within the time in which one that stands still is given up, all of them not.
  @Test
  void aClientThatTakesALargeAnswerSlowlyGetsIt() throws Exception {
    byte[] bytes = new byte[200_000];
    Duration minute = Duration.ofMinutes(1);
    EngineSettings.Timeouts shortToTake =
        new EngineSettings.Timeouts(minute, minute, SHORT, minute, minute, 0);
    try (TestingEngine engine =
            TestingEngine.start(
                settings().with(shortToTake),
                exchange -> exchange.respond(HttpResponse.of(200).with(new Content.Bytes(bytes))));
        FrameClient client = new FrameClient(engine.port())) {
      client.settled().send(FrameClient.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 0});
      client.request(1, true, "GET", "/");
      int taken = 0;
      for (int offered = 0; taken < bytes.length; ) {
        if (taken == offered) {
          TestingEngine.pause(200);
          client.widen(1, 20_000).widen(0, 20_000);
          offered += 20_000;
        }
        FrameClient.Frame frame = client.next();
        assertThat(frame).isNotNull();
        assertThat(frame.type()).isIn(FrameClient.HEADERS, FrameClient.DATA);
        taken += frame.type() == FrameClient.DATA ? frame.payload().length : 0;
      }
    }
  }
}
