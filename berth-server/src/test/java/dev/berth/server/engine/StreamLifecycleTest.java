package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How connections of HTTP/2 end, and that nothing is lost on the way.
class StreamLifecycleTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();

  private static EngineSettings settings() {
    return TestingEngine.settings().with(TestTls.settings(true));
  }

  private void waits(HttpExchange exchange) throws Exception {
    running.incrementAndGet();
    go.await();
    exchange.respond(TestingEngine.text("done " + TestingEngine.count(exchange)));
  }

  @Test
  void drainingLetsStreamsFinishAndTellsTheClient() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::waits);
        FrameClient client = new FrameClient(engine.port());
        FrameClient idle = new FrameClient(engine.port())) {
      client.request(1, true, "GET", "/");
      client.request(3, false, "PUT", "/").data(3, false, new byte[10]);
      TestingEngine.eventually("both run", () -> running.get() == 2);
      CompletableFuture<Boolean> drained = engine.drain(LONG);

      // Who has not heard of it is served all the same, and hears it now.
      client.request(5, true, "GET", "/");
      FrameClient.Frame word = client.until(FrameClient.GOAWAY);
      assertThat(word.error()).isEqualTo((int) Http2Error.NO_ERROR.code());
      assertThat(word.payload()).startsWith(0x7f, 0xff, 0xff, 0xff);
      TestingEngine.eventually("three run", () -> running.get() == 3);
      assertThat(drained).isNotDone();
      FrameClient.Frame ping = client.until(FrameClient.PING);
      go.countDown();
      assertThat(client.reply(5).text()).isEqualTo("done 0");
      client.data(3, true, new byte[5]);
      assertThat(client.reply(3).text()).isEqualTo("done 15");

      // Only when it has surely heard.
      client.send(FrameClient.PING, FrameClient.ACK, 0, ping.payload());
      assertThat(client.end()).isEqualTo((int) Http2Error.NO_ERROR.code());
      assertThat(drained.get()).isTrue();
      assertThat(idle.end()).isEqualTo((int) Http2Error.NO_ERROR.code());
    }
  }

  @Test
  void drainingCutsOffWhoTakesTooLong() throws Exception {
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), this::waits);
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, true, "GET", "/");
      TestingEngine.eventually("it runs", () -> running.get() == 1);
      assertThat(engine.drain(Duration.ofMillis(300)).get()).isFalse();
      client.end();
      TestingEngine.eventually("nothing in flight", () -> engine.engine.inFlight() == 0);
      go.countDown();
      assertThat(log.messages()).noneMatch(line -> line.contains("Exception"));
    }
  }

  @Test
  void answersThatTheClientHasNotTakenYetAreInFlight() throws Exception {
    Path file = folder.resolve("file");
    Files.write(file, new byte[1 << 20]);
    try (TestingEngine engine =
            TestingEngine.start(settings(), exchange -> exchange.respond(answer(file)));
        FrameClient client = new FrameClient(engine.port())) {
      client.request(1, true, "GET", "/");
      client.until(FrameClient.HEADERS);
      CompletableFuture<Boolean> drained = engine.drain(LONG);
      client.request(3, true, "GET", "/");
      client.until(FrameClient.GOAWAY);
      TestingEngine.eventually("two in flight", () -> engine.engine.inFlight() == 2);
      assertThat(drained).isNotDone();
      client.send(FrameClient.PING, FrameClient.ACK, 0, client.until(FrameClient.PING).payload());
      client.widen(0, 4 << 20).widen(1, 2 << 20).widen(3, 2 << 20);
      assertThat(client.end()).isEqualTo((int) Http2Error.NO_ERROR.code());
      assertThat(drained.get()).isTrue();
    }
  }

  private static HttpResponse answer(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file);
    return HttpResponse.of(200)
        .with(
            new Content.File(
                channel,
                0,
                channel.size(),
                () -> {
                  try {
                    channel.close();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }));
  }

  private void anything(HttpExchange exchange) throws IOException {
    switch (exchange.head().path()) {
      case "/all" -> TestingEngine.count(exchange);
      case "/some" -> exchange.body().next();
      case "/throws" -> {
        exchange.body().next();
        throw new IOException("planned by this test");
      }
      case "/file" -> {
        exchange.respond(answer(folder.resolve("file")));
        return;
      }
      default -> {}
    }
    exchange.respond(TestingEngine.text("done"));
  }

  @Test
  void noBufferIsLostWhateverTheClientDoes() throws Exception {
    Files.write(folder.resolve("file"), new byte[300_000]);
    Random random = new Random(6);
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), this::anything)) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
      for (int i = 0; i < 60; i++) {
        rudely(engine, random);
      }
      TestingEngine.eventually("nothing in flight", () -> engine.engine.inFlight() == 0);
      for (int i = 0; i < 5; i++) {
        System.gc();
        for (int j = 0; j < 20; j++) {
          PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
        }
        try (FrameClient client = new FrameClient(engine.port())) {
          client.request(1, true, "GET", "/file").reply(1);
        }
      }
      EngineLoad load = engine.engine.load();
      assertThat(load.bodyBytes() + load.copiedBytes() + load.headBytes()).isZero();
      assertThat(log.messages()).noneMatch(line -> line.contains("LEAK"));
    } finally {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  /// Ten streams, each left at any point, and the connection too.
  private static void rudely(TestingEngine engine, Random random) throws IOException {
    String[] paths = {"/all", "/some", "/throws", "/none", "/file"};
    try (FrameClient client = new FrameClient(engine.port())) {
      for (int i = 0; i < 10; i++) {
        int stream = 1 + 2 * i;
        client.request(stream, false, "PUT", paths[random.nextInt(paths.length)]);
        int frames = random.nextInt(4);
        for (int j = 0; j < frames; j++) {
          client.data(stream, false, new byte[1 + random.nextInt(12_000)]);
        }
        switch (random.nextInt(4)) {
          case 0 -> client.reset(stream, (int) Http2Error.CANCEL.code());
          case 1 -> client.data(stream, true, new byte[random.nextInt(100)]);
          case 2 -> client.data(stream, true, new byte[0]).widen(stream, 1_000_000);
          default -> {}
        }
      }
      if (random.nextBoolean()) {
        client.widen(0, 1_000_000).until(FrameClient.HEADERS);
      }
    } catch (IOException closedEarly) {
      assertThat(closedEarly).hasMessageMatching(".*(reset|[Bb]roken pipe|ended|closed).*");
    }
  }
}
