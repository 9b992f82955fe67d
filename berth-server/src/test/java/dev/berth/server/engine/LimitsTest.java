package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens when a bound is reached: of threads, of connections, of time.
class LimitsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(400);

  @TempDir private Path directory;
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();

  private static EngineSettings.Timeouts timeouts(Duration idle, Duration request) {
    return new EngineSettings.Timeouts(idle, LONG, LONG, request, LONG, 0);
  }

  private void waits(HttpExchange exchange) throws Exception {
    running.incrementAndGet();
    go.await();
    exchange.respond(TestingEngine.text("done " + TestingEngine.count(exchange)));
  }

  private static EngineSettings pools(int threads, int queue) {
    EngineSettings.Pool pool = new EngineSettings.Pool(threads, queue);
    return TestingEngine.settings().withPools(pool, pool);
  }

  private static List<RawClient> connect(TestingEngine engine, int count) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(engine.connect());
    }
    return clients;
  }

  private static void close(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  @Test
  void fullPoolsAnswer503AndTheConnectionGoesOn() throws Exception {
    try (TestingEngine engine = TestingEngine.start(pools(2, 3), this::waits)) {
      List<RawClient> busy = connect(engine, 5);
      for (RawClient client : busy) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      // Two run and three wait; a sixth would take the place of one that has not come yet.
      TestingEngine.eventually("all have come", () -> engine.engine.inFlight() == 5);
      TestingEngine.eventually("two run", () -> running.get() == 2);
      try (RawClient extra = engine.connect()) {
        RawClient.Reply reply = extra.get("/");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.field("retry-after")).isEqualTo("1");
        assertThat(reply.text()).isEqualTo("{\"errors\":[]}");

        go.countDown();
        for (RawClient client : busy) {
          assertThat(client.reply().text()).isEqualTo("done 0");
        }
        assertThat(extra.get("/").status()).isEqualTo(200);
      }
      close(busy);
    }
  }

  @Test
  void aRefusedUploadGetsItsAnswerAndTheConnectionGoesOn() throws Exception {
    try (TestingEngine engine = TestingEngine.start(pools(1, 0), this::waits);
        RawClient busy = engine.connect();
        RawClient refused = engine.connect()) {
      busy.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1");
      TestingEngine.eventually("one runs", () -> running.get() == 1);
      for (int i = 0; i < 5; i++) {
        refused
            .send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n")
            .send(new byte[900_000]);
        assertThat(refused.reply().status()).isEqualTo(503);
      }
      go.countDown();
      assertThat(busy.reply().text()).isEqualTo("done 1");
    }
  }

  @Test
  void uploadsDoNotStopPulls() throws Exception {
    TestingEngine.Handler handler =
        exchange -> {
          if (exchange.head().method().equals("PUT")) {
            waits(exchange);
          } else {
            exchange.respond(TestingEngine.text(Thread.currentThread().getName()));
          }
        };
    try (TestingEngine engine = TestingEngine.start(pools(2, 0), handler);
        RawClient reader = engine.connect()) {
      List<RawClient> writers = connect(engine, 2);
      for (RawClient writer : writers) {
        writer.send("PUT / HTTP/1.1\r\nHost: a\r\n\r\n");
      }
      TestingEngine.eventually("both run", () -> running.get() == 2);
      assertThat(reader.get("/").text()).isEqualTo("berth-read-1");
      go.countDown();
      close(writers);
    }
  }

  @Test
  void aConnectionTooManyIsClosedAtOnce() throws Exception {
    EngineSettings settings =
        TestingEngine.settings().with(new EngineSettings.Limits(16 << 10, 64 << 10, 3, 1 << 20));
    try (TestingEngine engine =
        TestingEngine.start(settings, exchange -> exchange.respond(HttpResponse.of(200)))) {
      List<RawClient> clients = connect(engine, 3);
      for (RawClient client : clients) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      try (RawClient extra = engine.connect()) {
        assertThat(extra.atEnd()).isTrue();
      }
      close(clients);
      TestingEngine.eventually("room again", () -> isServed(engine));
    }
  }

  private static boolean isServed(TestingEngine engine) {
    try (RawClient client = engine.connect()) {
      return client.get("/").status() == 200;
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void idleConnectionsAreClosed() throws Exception {
    EngineSettings settings = TestingEngine.settings().with(timeouts(SHORT, LONG));
    try (TestingEngine engine =
            TestingEngine.start(settings, exchange -> exchange.respond(HttpResponse.of(200)));
        RawClient silent = engine.connect();
        RawClient halfHead = engine.connect();
        RawClient served = engine.connect()) {
      halfHead.send("GET / HTTP/1.1\r\nHo");
      assertThat(served.get("/").status()).isEqualTo(200);
      assertThat(silent.atEnd()).isTrue();
      assertThat(halfHead.atEnd()).isTrue();
      assertThat(served.atEnd()).isTrue();
    }
  }

  @Test
  void aHeadThatComesByteByByteIsGivenUp() throws Exception {
    EngineSettings settings = TestingEngine.settings().with(timeouts(SHORT, LONG));
    try (TestingEngine engine =
            TestingEngine.start(settings, exchange -> exchange.respond(HttpResponse.of(200)));
        RawClient client = engine.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
      TestingEngine.eventually("given up", () -> !sends(client));
    }
  }

  private static final int LONG_HEAD_FIELDS = 2800;

  @Test
  void moreFieldsThanTheBoundAreRefused() throws Exception {
    try (TestingEngine engine =
        TestingEngine.start(exchange -> exchange.respond(HttpResponse.of(200)))) {
      String most = "GET / HTTP/1.1\r\nHost: a\r\n" + "a: b\r\n".repeat(HeadDecoder.MAX_FIELDS - 1);
      try (RawClient client = engine.connect()) {
        assertThat(client.send(most + "\r\n").reply().status()).isEqualTo(200);
        assertThat(client.send(most + "\r\n").reply().status()).isEqualTo(200);
        assertThat(client.send(most + "c: d\r\n\r\n").reply().status()).isEqualTo(431);
      }
    }
  }

  @Test
  void manyUnfinishedHeadsOfManyFieldsDoNotStopTheServer() throws Exception {
    String head =
        "GET / HTTP/1.1\r\nHost: a\r\n" + "abcdefg: 0123456789\r\n".repeat(LONG_HEAD_FIELDS);
    try (TestingEngine engine =
        TestingEngine.start(exchange -> exchange.respond(HttpResponse.of(200)))) {
      List<RawClient> clients = connect(engine, 200);
      for (RawClient client : clients) {
        sends(client, head);
      }
      for (RawClient client : clients) {
        assertThat(client.reply().status()).isEqualTo(431);
      }
      assertThat(isServed(engine)).isTrue();
      close(clients);
    }
  }

  @Test
  void unfinishedHeadsOfAllConnectionsShareOneBudget() throws Exception {
    MemoryBudget heads = new MemoryBudget(180_000);
    EngineSettings settings = TestingEngine.settings().with(timeouts(LONG, LONG));
    try (TestingEngine engine =
        TestingEngine.start(
            settings,
            heads,
            TestingEngine.answers(1 << 20),
            exchange -> exchange.respond(HttpResponse.of(200)))) {
      String part = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(40_000);
      List<RawClient> clients = connect(engine, 2);
      for (RawClient client : clients) {
        client.send(part);
      }
      TestingEngine.eventually("both kept", () -> heads.used() > 80_000);
      try (RawClient extra = engine.connect()) {
        sends(extra, part);
        assertThat(extra.atEnd()).isTrue();
      }
      TestingEngine.eventually("given back", () -> heads.used() < 180_000);
      for (RawClient client : clients) {
        assertThat(client.send("\r\n\r\n").reply().status()).isEqualTo(200);
      }
      TestingEngine.eventually("all given back", () -> heads.used() == 0);
      close(clients);
    }
  }

  private static boolean sends(RawClient client) {
    return sends(client, "x");
  }

  private static boolean sends(RawClient client, String text) {
    try {
      client.send(text);
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  /// The socket's buffers have grown with a body; three bytes of a head hold one of them.
  @Test
  void anUnfinishedHeadCountsWithTheBufferThatHoldsIt() throws Exception {
    MemoryBudget heads = new MemoryBudget(1 << 20);
    try (TestingEngine engine =
            TestingEngine.start(
                TestingEngine.settings(),
                heads,
                TestingEngine.answers(1 << 20),
                exchange -> {
                  TestingEngine.count(exchange);
                  exchange.respond(HttpResponse.of(200));
                });
        RawClient client = engine.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n");
      assertThat(client.send(new byte[500_000]).reply().status()).isEqualTo(200);
      client.send("GET");
      TestingEngine.eventually("the buffer is counted", () -> heads.used() >= 2048);
      assertThat(client.send(" / HTTP/1.1\r\nHost: a\r\n\r\n").reply().status()).isEqualTo(200);
      TestingEngine.eventually("all given back", () -> heads.used() == 0);
    }
  }

  @Test
  void aSpentBudgetOfHeadsCutsNoBody() throws Exception {
    MemoryBudget heads = new MemoryBudget(1000);
    try (TestingEngine engine =
            TestingEngine.start(
                TestingEngine.settings(),
                heads,
                TestingEngine.answers(1 << 20),
                exchange -> {
                  long length = TestingEngine.count(exchange);
                  exchange.respond(TestingEngine.text("took " + length));
                });
        RawClient client = engine.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      heads.add(1_000_000);
      for (int i = 0; i < 20; i++) {
        client.send("3\r\n");
        TestingEngine.pause(10);
        client.send("abc\r\n");
      }
      assertThat(client.send("0\r\n\r\n").reply().text()).isEqualTo("took 60");
      sends(client, "GE");
      assertThat(client.atEnd()).isTrue();
    }
  }

  @Test
  void answersThatNobodyTakesHoldUpTheRequestsBehindThem() throws Exception {
    int requests = 1000;
    AtomicInteger handled = new AtomicInteger();
    HttpResponse answer = HttpResponse.of(200).with(new Content.Bytes(new byte[50_000]));
    try (TestingEngine engine =
            TestingEngine.start(
                exchange -> {
                  handled.incrementAndGet();
                  exchange.respond(answer);
                });
        RawClient client = engine.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
      int before = -1;
      while (handled.get() != before) {
        before = handled.get();
        TestingEngine.pause(300);
      }
      // What the buffers of two sockets hold.
      assertThat(handled.get()).isPositive().isLessThan(requests / 2);
      for (int i = 0; i < requests; i++) {
        assertThat(client.reply().body()).hasSize(50_000);
      }
      assertThat(handled).hasValue(requests);
    }
  }

  /// So few that the server reads them at once: the decoder has no unfinished head to close on.
  @Test
  void requestsThatWaitForTheirTurnShareABudget() throws Exception {
    MemoryBudget heads = new MemoryBudget(20_000);
    HttpResponse answer = HttpResponse.of(200).with(new Content.Bytes(new byte[50_000]));
    try (TestingEngine engine =
        TestingEngine.start(
            TestingEngine.settings(),
            heads,
            TestingEngine.answers(1 << 20),
            exchange -> exchange.respond(answer))) {
      try (RawClient client = engine.connect()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(60));
        assertThat(bytesUntilEnd(client)).isLessThan(60 * 50_000);
      }
      assertThat(isServed(engine)).isTrue();
      TestingEngine.eventually("all given back", () -> heads.used() == 0);
    }
  }

  private static long bytesUntilEnd(RawClient client) throws IOException {
    try {
      return client.readUntilEnd();
    } catch (SocketException reset) {
      return 0;
    }
  }

  @Test
  void aConnectionInUseIsNotIdle() throws Exception {
    EngineSettings settings = TestingEngine.settings().with(timeouts(SHORT, Duration.ZERO));
    try (TestingEngine engine = TestingEngine.start(settings, this::waits);
        RawClient client = engine.connect();
        RawClient silent = engine.connect()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(silent.atEnd()).isTrue();
      try (RawClient later = engine.connect()) {
        assertThat(later.atEnd()).isTrue();
      }
      go.countDown();
      assertThat(client.reply().text()).isEqualTo("done 0");
    }
  }

  @Test
  void aHungHandlerIsAnsweredForAndItsLateAnswerDropped() throws Exception {
    Files.write(directory.resolve("file"), new byte[100]);
    AtomicInteger released = new AtomicInteger();
    TestingEngine.Handler handler =
        exchange -> {
          if (exchange.head().path().equals("/hung")) {
            go.await();
            FileChannel file = FileChannel.open(directory.resolve("file"));
            Runnable release =
                () -> {
                  released.incrementAndGet();
                  try {
                    file.close();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                };
            exchange.respond(HttpResponse.of(200).with(new Content.File(file, 0, 100, release)));
          } else {
            exchange.respond(TestingEngine.text("well"));
          }
        };
    EngineSettings settings = TestingEngine.settings().with(timeouts(LONG, SHORT));
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(settings, handler);
        RawClient client = engine.connect()) {
      assertThat(client.get("/hung").status()).isEqualTo(503);
      client.send("HEAD /hung HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.reply(false).status()).isEqualTo(503);
      assertThat(client.get("/other").text()).isEqualTo("well");

      go.countDown();
      TestingEngine.eventually("released", () -> released.get() == 2);
      assertThat(client.get("/other").text()).isEqualTo("well");
      assertThat(log.messages()).hasSize(2).allMatch(line -> line.contains("no answer in time"));
    }
  }

  @Test
  void uploadsAreNotAnsweredForByTheTimeout() throws Exception {
    EngineSettings settings = TestingEngine.settings().with(timeouts(LONG, Duration.ofMillis(100)));
    try (TestingEngine engine = TestingEngine.start(settings, this::waits);
        RawClient upload = engine.connect()) {
      upload.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n1");
      TestingEngine.pause(500);
      go.countDown();
      assertThat(upload.reply().text()).isEqualTo("done 1");
    }
  }
}
