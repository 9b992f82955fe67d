package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Content that is not in memory: sent right, released once, never read far ahead of the client.
class FileAndRangeTest {
  EngineSettings settings() {
    return TestingEngine.settings();
  }

  private static final int BYTES = 5_000_000;

  @TempDir private Path directory;
  private final byte[] content = new byte[BYTES];
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger released = new AtomicInteger();
  private final AtomicLong readTo = new AtomicLong();

  @BeforeEach
  void write() throws IOException {
    new Random(3).nextBytes(content);
    Files.write(directory.resolve("file"), content);
  }

  private Content.File file(long offset, long length) throws IOException {
    FileChannel channel = FileChannel.open(directory.resolve("file"));
    opened.incrementAndGet();
    return new Content.File(channel, offset, length, () -> release(channel));
  }

  private void release(FileChannel channel) {
    released.incrementAndGet();
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Content.Range range(long offset, long length) {
    opened.incrementAndGet();
    return new Content.Range(this::read, offset, length, released::incrementAndGet);
  }

  private int read(ByteBuffer target, long position) {
    if (position >= BYTES) {
      return -1;
    }
    int length = (int) Math.min(Math.min(target.remaining(), 10_000), BYTES - position);
    target.put(content, (int) position, length);
    readTo.accumulateAndGet(position + length, Math::max);
    return length;
  }

  /// `/file/OFFSET/LENGTH` and `/range/OFFSET/LENGTH`.
  private void serve(HttpExchange exchange) throws IOException {
    List<String> parts = List.of(exchange.head().path().split("/", -1));
    long offset = Long.parseLong(parts.get(2));
    long length = Long.parseLong(parts.get(3));
    Content answer = parts.get(1).equals("file") ? file(offset, length) : range(offset, length);
    exchange.respond(new HttpResponse(200, List.of("Content-Type", "a/b"), answer));
  }

  private void allReleased() throws InterruptedException {
    TestingEngine.eventually("released", () -> released.get() >= opened.get());
    assertThat(released).hasValue(opened.get());
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "range"})
  void anyPartArrivesUnchanged(String kind) throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::serve);
        RawClient client = engine.connect()) {
      int[][] parts = {
        {0, BYTES},
        {0, 0},
        {5, 1},
        {0, 65536},
        {1, 65536},
        {7, 65537},
        {1 << 20, 1 << 20},
        {3, (3 << 20) + 1},
        {BYTES, 0}
      };
      for (int[] part : parts) {
        RawClient.Reply reply = client.get("/" + kind + "/" + part[0] + "/" + part[1]);
        assertThat(reply.body()).isEqualTo(Arrays.copyOfRange(content, part[0], part[0] + part[1]));
        assertThat(reply.field("content-type")).isEqualTo("a/b");
      }
      allReleased();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "range"})
  void headSendsTheLengthAndReleases(String kind) throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::serve);
        RawClient client = engine.connect()) {
      client.send("HEAD /" + kind + "/10/1000000 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.reply(false).field("content-length")).isEqualTo("1000000");
      assertThat(client.get("/" + kind + "/0/1").body()).hasSize(1);
      allReleased();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "range"})
  void aClientThatLeavesReleases(String kind) throws Exception {
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), this::serve)) {
      for (int i = 0; i < 20; i++) {
        try (RawClient client = engine.connect()) {
          client.socket.setReceiveBufferSize(4096);
          client.send(("GET /" + kind + "/0/" + BYTES + " HTTP/1.1\r\nHost: a\r\n\r\n").repeat(4));
          client.rawHead();
          client.socket.setSoLinger(true, 0);
        }
      }
      TestingEngine.eventually("served", () -> opened.get() >= 20);
      allReleased();
      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void anAnswerToNobodyReleases() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    TestingEngine.Handler handler =
        exchange -> {
          asked.countDown();
          go.await();
          exchange.respond(HttpResponse.of(200).with(file(0, BYTES)));
        };
    try (TestingEngine engine = TestingEngine.start(settings(), handler)) {
      try (RawClient client = engine.connect()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        // A request whose client left before its turn came never reaches the handler.
        asked.await();
      }
      go.countDown();
      TestingEngine.eventually("answered", () -> opened.get() == 1);
      allReleased();
    }
  }

  @Test
  void aRangeIsNotReadFarAheadOfItsClient() throws Exception {
    try (TestingEngine engine = TestingEngine.start(settings(), this::serve);
        RawClient client = engine.connect()) {
      client.socket.setReceiveBufferSize(16 << 10);
      client.send("GET /range/0/" + BYTES + " HTTP/1.1\r\nHost: a\r\n\r\n");
      client.rawHead();
      for (int i = 0; i < 20; i++) {
        TestingEngine.pause(20);
      }
      // The kernel's buffers take some of it: up to 4 MiB on either side where they grow.
      long before = readTo.get();
      assertThat(before).isGreaterThan(0);
      assertThat(released).hasValue(before == BYTES ? 1 : 0);
      assertThat(client.readExactly(BYTES)).isEqualTo(content);
      allReleased();
    }
  }

  @Test
  void aSourceThatFailsInTheMiddleBreaksTheConnectionOff() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          opened.incrementAndGet();
          Content.Source source =
              (target, position) -> {
                if (position > 200_000) {
                  throw new IOException("planned by this test");
                }
                return read(target, position);
              };
          exchange.respond(
              HttpResponse.of(200)
                  .with(new Content.Range(source, 0, BYTES, released::incrementAndGet)));
        };
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), handler);
        RawClient client = engine.connect()) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> client.get("/")))
          .isInstanceOf(IOException.class);
      allReleased();
      assertThat(log.messages()).anyMatch(line -> line.contains("answer failed"));
    }
  }

  @Test
  void aSourceThatFailsAtOnceGives500() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          opened.incrementAndGet();
          Content.Source source = (target, position) -> -1;
          exchange.respond(
              HttpResponse.of(200)
                  .with(new Content.Range(source, 0, BYTES, released::incrementAndGet)));
        };
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), handler);
        RawClient client = engine.connect()) {
      assertThat(client.get("/").status()).isEqualTo(500);
      allReleased();
      assertThat(log.messages()).hasSize(1);
    }
  }

  @Test
  void aClosedFileGives500() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          Content.File file = file(0, BYTES);
          file.channel().close();
          exchange.respond(HttpResponse.of(200).with(file));
        };
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), handler);
        RawClient client = engine.connect()) {
      assertThat(client.get("/").status()).isEqualTo(500);
      allReleased();
      assertThat(log.messages()).hasSize(1);
    }
  }

  @Test
  void aFileShorterThanAnnouncedBreaksTheConnectionOff() throws Exception {
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings(), this::serve);
        RawClient client = engine.connect()) {
      assertThat(
              org.assertj.core.api.Assertions.catchThrowable(
                  () -> client.get("/file/100/" + BYTES)))
          .isInstanceOf(IOException.class);
      allReleased();
      assertThat(log.messages()).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "range"})
  void aClientThatReadsNothingIsGivenUp(String kind) throws Exception {
    EngineSettings.Timeouts timeouts =
        new EngineSettings.Timeouts(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(400),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            0);
    try (TestingEngine engine = TestingEngine.start(settings().with(timeouts), this::serve);
        RawClient client = engine.connect()) {
      client.socket.setReceiveBufferSize(4096);
      client.send(("GET /" + kind + "/0/" + BYTES + " HTTP/1.1\r\nHost: a\r\n\r\n").repeat(8));
      // Eight answers do not fit into any socket's buffers: one is in progress when the client
      // stalls.
      TestingEngine.eventually("given up", () -> isReset(client));
      assertThat(opened.get()).isBetween(1, 7);
      allReleased();
    }
  }

  /// Whether the other side is gone, found out without reading.
  private static boolean isReset(RawClient client) {
    try {
      client.send("x");
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  @Test
  void aClientThatReadsSlowlyGetsAll() throws Exception {
    EngineSettings.Timeouts timeouts =
        new EngineSettings.Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            0);
    try (TestingEngine engine = TestingEngine.start(settings().with(timeouts), this::serve);
        RawClient client = engine.connect()) {
      // More than one segment of the loopback: into less the kernel sends by its probe timer only.
      client.socket.setReceiveBufferSize(256 << 10);
      client.send("GET /file/0/" + BYTES + " HTTP/1.1\r\nHost: a\r\n\r\n");
      client.rawHead();
      for (int i = 0; i < 50; i++) {
        client.readExactly(BYTES / 50);
        TestingEngine.pause(60);
      }
      allReleased();
    }
  }
}
