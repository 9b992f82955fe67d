package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
  private static final String PUT = "PUT /x HTTP/1.1\r\nHost: a\r\n";
  private static final int MIB = 1 << 20;

  private static void digest(HttpExchange exchange) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (ByteBuffer next = exchange.body().next(); next != null; next = exchange.body().next()) {
      assertThat(next.hasRemaining()).isTrue();
      digest.update(next);
    }
    assertThat(exchange.body().next()).isNull();
    exchange.respond(TestingEngine.text(HexFormat.of().formatHex(digest.digest())));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void bodiesOfAllSizesArriveUnchangedOnOneConnection() throws Exception {
    try (TestingEngine engine = TestingEngine.start(RequestBodyTest::digest);
        RawClient client = engine.connect()) {
      for (int length :
          new int[] {1, 100, 1023, 1024, 65535, 65536, 65537, 262144, MIB, 20 * MIB, 0, 3}) {
        byte[] body = random(length);
        client.send(PUT + "Content-Length: " + length + "\r\n\r\n").send(body);
        assertThat(client.reply().text()).as("%s bytes", length).isEqualTo(sha256(body));
      }
    }
  }

  @Test
  void chunkedBodiesArriveUnchanged() throws Exception {
    try (TestingEngine engine = TestingEngine.start(RequestBodyTest::digest);
        RawClient client = engine.connect()) {
      for (int chunk : new int[] {1, 7, 1000, 1024, 40_000, 300_000}) {
        byte[] body = random(Math.min(chunk * 5000, 5 * MIB));
        client.send(PUT + "Transfer-Encoding: chunked\r\n\r\n").send(chunked(body, chunk));
        assertThat(client.reply().text()).as("chunks of %s", chunk).isEqualTo(sha256(body));
      }
    }
  }

  private static byte[] chunked(byte[] body, int chunk) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    for (int at = 0; at < body.length; at += chunk) {
      int length = Math.min(chunk, body.length - at);
      out.write(
          (Integer.toHexString(length) + ";name=value\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(body, at, length);
      out.write('\r');
      out.write('\n');
    }
    out.write("0\r\nTrailer: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  @Test
  void aBodyInManyPiecesArrivesAsItComes() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    TestingEngine.Handler handler =
        exchange -> {
          first.complete(StandardCharsets.US_ASCII.decode(exchange.body().next()).toString());
          exchange.respond(TestingEngine.text(TestingEngine.read(exchange)));
        };
    try (TestingEngine engine = TestingEngine.start(handler);
        RawClient client = engine.connect()) {
      client.send(PUT + "Content-Length: 6\r\n\r\nab");
      assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo("ab");
      for (String piece : new String[] {"c", "d", "e", "f"}) {
        client.send(piece);
      }
      assertThat(client.reply().text()).isEqualTo("cdef");
    }
  }

  @Test
  void aSlowReaderStopsTheClient() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong sent = new AtomicLong();
    TestingEngine.Handler handler =
        exchange -> {
          exchange.body().next();
          go.await();
          exchange.respond(TestingEngine.text("" + TestingEngine.count(exchange)));
        };
    try (TestingEngine engine = TestingEngine.start(handler);
        RawClient client = engine.connect()) {
      client.socket.setSendBufferSize(64 << 10);
      client.send(PUT + "Content-Length: " + 64 * MIB + "\r\n\r\n");
      Thread sender =
          Thread.ofPlatform()
              .start(
                  () -> {
                    byte[] piece = new byte[64 << 10];
                    try {
                      for (int i = 0; i < 1024; i++) {
                        client.send(piece);
                        sent.addAndGet(piece.length);
                      }
                    } catch (IOException e) {
                      sent.set(-1);
                    }
                  });
      TestingEngine.eventually("the sender stands still", new StandsStill(sent)::check);
      // What the engine holds is 256 KiB; the rest lies in the buffers of the two sockets.
      assertThat(sent.get()).isLessThan(16 * MIB);

      go.countDown();
      assertThat(Long.parseLong(client.reply().text())).isBetween(63L * MIB, 64L * MIB - 1);
      sender.join();
    }
  }

  /// Whether a count has not changed for half a second.
  private static final class StandsStill {
    private final AtomicLong count;
    private long last = -1;
    private long since;

    StandsStill(AtomicLong count) {
      this.count = count;
    }

    boolean check() {
      long now = System.nanoTime();
      if (count.get() != last) {
        last = count.get();
        since = now;
      }
      return last > 0 && now - since > TimeUnit.MILLISECONDS.toNanos(500);
    }
  }

  @Test
  void aClientThatLeavesEndsTheRead() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    TestingEngine.Handler handler =
        exchange -> {
          try {
            TestingEngine.count(exchange);
            failure.complete(new AssertionError("the body ended well"));
          } catch (IOException e) {
            failure.complete(e);
          }
          exchange.respond(HttpResponse.of(400));
        };
    try (TestingEngine engine = TestingEngine.start(handler)) {
      try (RawClient client = engine.connect()) {
        client.send(PUT + "Content-Length: 1000000\r\n\r\n").send(random(500_000));
      }
      assertThat(failure.get(20, TimeUnit.SECONDS))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("before the whole body had come");
    }
  }

  @Test
  void continueIsSentWhenTheBodyIsAskedFor() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    TestingEngine.Handler handler =
        exchange -> {
          go.await();
          exchange.respond(TestingEngine.text(TestingEngine.read(exchange)));
        };
    try (TestingEngine engine = TestingEngine.start(handler);
        RawClient client = engine.connect()) {
      client.send(PUT + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      client.socket.setSoTimeout(300);
      assertThat(org.assertj.core.api.Assertions.catchThrowable(client::reply))
          .isInstanceOf(java.net.SocketTimeoutException.class);
      client.socket.setSoTimeout(20_000);
      go.countDown();
      assertThat(client.reply().status()).isEqualTo(100);
      assertThat(client.send("hello").reply().text()).isEqualTo("hello");
      assertThat(client.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void anAnswerBeforeTheBodyIsAskedForComesInsteadOfContinue() throws Exception {
    try (TestingEngine engine =
            TestingEngine.start(exchange -> exchange.respond(HttpResponse.of(401)));
        RawClient client = engine.connect()) {
      client.send(PUT + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      RawClient.Reply reply = client.reply();
      assertThat(reply.status()).isEqualTo(401);
      // Nobody knows whether the client sends its body now: the connection cannot go on.
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void aSmallBodyThatNobodyReadIsThrownAwayAndTheConnectionKept() throws Exception {
    try (TestingEngine engine =
            TestingEngine.start(exchange -> exchange.respond(HttpResponse.of(404)));
        RawClient client = engine.connect()) {
      for (int i = 0; i < 20; i++) {
        client.send(PUT + "Content-Length: 700000\r\n\r\n");
        assertThat(client.reply().status()).isEqualTo(404);
        client.send(new byte[700_000]);
        client
            .send(PUT + "Transfer-Encoding: chunked\r\n\r\n")
            .send(chunked(random(500_000), 3000));
        RawClient.Reply reply = client.reply();
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.field("connection")).isEmpty();
      }
    }
  }

  @Test
  void aLargeBodyThatNobodyReadEndsTheConnectionAfterTheAnswer() throws Exception {
    try (TestingEngine engine =
        TestingEngine.start(exchange -> exchange.respond(HttpResponse.of(401)))) {
      for (int i = 0; i < 10; i++) {
        try (RawClient client = engine.connect()) {
          client.send(PUT + "Content-Length: 100000000\r\n\r\n").send(new byte[300_000]);
          RawClient.Reply reply = client.reply();
          assertThat(reply.status()).isEqualTo(401);
          assertThat(reply.field("connection")).isEqualTo("close");
          assertThat(client.atEnd()).isTrue();
        }
      }
    }
  }

  @Test
  void aChunkedBodyThatNobodyReadEndsTheConnectionAtTheLimit() throws Exception {
    try (TestingEngine engine =
            TestingEngine.start(exchange -> exchange.respond(HttpResponse.of(401)));
        RawClient client = engine.connect()) {
      client.send(PUT + "Transfer-Encoding: chunked\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(401);
      byte[] chunk = chunked(new byte[100_000], 100_000);
      byte[] open =
          java.util.Arrays.copyOf(chunk, chunk.length - "0\r\nTrailer: x\r\n\r\n".length());
      long sent = 0;
      try {
        while (sent < 200L * MIB) {
          client.send(open);
          sent += open.length;
        }
      } catch (IOException closed) {
        assertThat(sent).isGreaterThan(MIB);
      }
      assertThat(sent).isLessThan(100L * MIB);
    }
  }

  @Test
  void aHalfReadBodyIsThrownAwayToo() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          exchange.body().next();
          exchange.respond(HttpResponse.of(400));
        };
    try (TestingEngine engine = TestingEngine.start(handler);
        RawClient client = engine.connect()) {
      for (int i = 0; i < 10; i++) {
        client.send(PUT + "Content-Length: 900000\r\n\r\n").send(new byte[900_000]);
        assertThat(client.reply().status()).isEqualTo(400);
      }
    }
  }

  @Test
  void aBodyThatStandsStillIsGivenUp() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    TestingEngine.Handler handler =
        exchange -> {
          try {
            TestingEngine.count(exchange);
          } catch (IOException e) {
            failure.complete(e);
            throw e;
          }
        };
    EngineSettings.Timeouts timeouts =
        new EngineSettings.Timeouts(
            Duration.ofSeconds(60),
            Duration.ofMillis(400),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            0);
    try (QuietLog log = new QuietLog();
        TestingEngine engine =
            TestingEngine.start(TestingEngine.settings().with(timeouts), handler);
        RawClient client = engine.connect()) {
      client.send(PUT + "Content-Length: 100\r\n\r\nabc");
      assertThat(client.atEnd()).isTrue();
      assertThat(failure.get(20, TimeUnit.SECONDS))
          .hasMessageContaining("no byte of the body came");
      assertThat(log.messages()).isNotNull();
    }
  }

  @Test
  void aBodyThatCrawlsIsGivenUp() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    TestingEngine.Handler handler =
        exchange -> {
          try {
            TestingEngine.count(exchange);
          } catch (IOException e) {
            failure.complete(e);
          }
          exchange.respond(HttpResponse.of(400));
        };
    EngineSettings.Timeouts timeouts =
        new EngineSettings.Timeouts(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(500),
            1024);
    try (TestingEngine engine =
            TestingEngine.start(TestingEngine.settings().with(timeouts), handler);
        RawClient client = engine.connect()) {
      client.send(PUT + "Content-Length: 100000\r\n\r\n");
      while (!failure.isDone()) {
        try {
          client.send("x");
        } catch (IOException closed) {
          break;
        }
        TestingEngine.pause(20);
      }
      assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessageContaining("too slowly");
    }
  }

  /// Fast enough for an idle server, and with much sent before it begins to crawl.
  @Test
  void aBodyThatCrawlsMakesRoomWhenOthersWaitForItsThread() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    TestingEngine.Handler handler =
        exchange -> {
          try {
            TestingEngine.count(exchange);
          } catch (IOException e) {
            failure.complete(e);
          }
          exchange.respond(HttpResponse.of(200));
        };
    EngineSettings.Timeouts timeouts =
        new EngineSettings.Timeouts(
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMillis(1200),
            1024);
    EngineSettings.Pool one = new EngineSettings.Pool(1, 1);
    EngineSettings settings = TestingEngine.settings().with(timeouts).withPools(one, one);
    try (TestingEngine engine = TestingEngine.start(settings, handler);
        RawClient slow = engine.connect();
        RawClient other = engine.connect()) {
      slow.send(PUT + "Content-Length: 10000000\r\n\r\n").send(new byte[2 * MIB]);
      for (int i = 0; i < 30; i++) {
        slow.send(new byte[100]);
        TestingEngine.pause(50);
      }
      assertThat(failure).isNotDone();
      other.send(PUT + "Content-Length: 1\r\n\r\nx");
      for (int i = 0; i < 400 && !failure.isDone(); i++) {
        sendIfOpen(slow, new byte[100]);
        TestingEngine.pause(50);
      }
      assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessageContaining("too slowly");
      assertThat(other.reply().status()).isEqualTo(200);
    }
  }

  private static void sendIfOpen(RawClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException closed) {
      // What this waits for.
    }
  }

  @Test
  void aReaderThatTakesItsTimeIsNotTheClientsFault() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          for (ByteBuffer next = exchange.body().next();
              next != null;
              next = exchange.body().next()) {
            TestingEngine.pause(120);
          }
          exchange.respond(TestingEngine.text("done"));
        };
    EngineSettings.Timeouts timeouts =
        new EngineSettings.Timeouts(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1L << 40);
    try (TestingEngine engine =
            TestingEngine.start(TestingEngine.settings().with(timeouts), handler);
        RawClient client = engine.connect()) {
      client.send(PUT + "Content-Length: " + 2 * MIB + "\r\n\r\n").send(new byte[2 * MIB]);
      assertThat(client.reply().text()).isEqualTo("done");
    }
  }
}
