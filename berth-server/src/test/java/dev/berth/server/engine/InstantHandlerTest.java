package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What is answered on the event loop, while all threads are stuck.
class InstantHandlerTest {
  private final CountDownLatch stuck = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();

  private TestingEngine start() throws IOException {
    EngineSettings settings =
        TestingEngine.settings()
            .withPools(new EngineSettings.Pool(1, 0), new EngineSettings.Pool(1, 0));
    return TestingEngine.start(
        settings,
        exchange -> {
          waiting.incrementAndGet();
          stuck.await(20, TimeUnit.SECONDS);
          exchange.respond(TestingEngine.text("late"));
        },
        head -> head.path().equals("/instant") ? TestingEngine.text(head.method()) : null);
  }

  @Test
  void needsNoThread() throws IOException {
    try (TestingEngine engine = start();
        RawClient first = engine.connect();
        RawClient second = engine.connect()) {
      first.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      TestingEngine.eventually("the only thread is stuck", () -> waiting.get() == 1);

      assertThat(second.get("/slow").status()).isEqualTo(503);
      assertThat(second.get("/instant").text()).isEqualTo("GET");
      second.send("HEAD /instant HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(second.reply(false).field("Content-Length")).isEqualTo("4");
      // A body that nobody reads is thrown away, and the connection goes on.
      second.send("POST /instant HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
      assertThat(second.reply().text()).isEqualTo("POST");
      assertThat(second.get("/instant").text()).isEqualTo("GET");

      stuck.countDown();
      assertThat(first.reply().text()).isEqualTo("late");
    }
  }
}
