package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Every buffer that the engine took from the pool goes back, whatever a client or handler does.
/// Netty's leak detector follows each buffer and tells, through the log, of those that were
/// collected without being given back.
class LeakTest {
  /// Does what the path says with the body.
  private static void handle(HttpExchange exchange) throws IOException {
    switch (exchange.head().path()) {
      case "/all" -> TestingEngine.count(exchange);
      case "/some" -> exchange.body().next();
      case "/throws" -> {
        exchange.body().next();
        throw new IOException("planned by this test");
      }
      default -> {}
    }
    exchange.respond(TestingEngine.text("done"));
  }

  @Test
  void noBufferIsLostWhateverTheClientDoes() throws Exception {
    Random random = new Random(4);
    try (QuietLog log = new QuietLog();
        TestingEngine engine = TestingEngine.start(LeakTest::handle)) {
      // Only now: Vert.x switches the detector off when its classes are loaded.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
      for (int i = 0; i < 300; i++) {
        String[] paths = {"/all", "/some", "/throws", "/none"};
        client(engine, random, paths[i % paths.length], i % 3 == 0);
      }
      collect(engine);
      assertThat(log.messages()).noneMatch(line -> line.contains("LEAK"));
    } finally {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
  }

  private static void client(TestingEngine engine, Random random, String path, boolean chunked)
      throws IOException {
    int length = 1 + random.nextInt(400_000);
    int sent = random.nextBoolean() ? length : random.nextInt(length);
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length;
    try (RawClient client = engine.connect()) {
      client.send("PUT " + path + " HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");
      String size = Integer.toHexString(length) + "\r\n";
      client.send(chunked ? size : "").send(new byte[sent]);
      if (chunked && sent == length) {
        client.send(random.nextBoolean() ? "\r\n0\r\n\r\n" : "broken");
      }
      if (sent == length && random.nextBoolean()) {
        client.reply();
      }
    } catch (IOException closedEarly) {
      assertThat(closedEarly).hasMessageMatching(".*(reset|[Bb]roken pipe|ended).*");
    }
  }

  /// The detector speaks when a new buffer is made after the lost one was collected.
  private static void collect(TestingEngine engine) throws Exception {
    for (int i = 0; i < 5; i++) {
      System.gc();
      for (int j = 0; j < 20; j++) {
        PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
        try (RawClient client = engine.connect()) {
          client.get("/none");
        }
      }
    }
  }
}
