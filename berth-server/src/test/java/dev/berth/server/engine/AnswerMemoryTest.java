package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.QuietLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerMemoryTest {
  private static final int LARGE = 20 << 20;
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final HttpResponse LARGE_ANSWER =
      HttpResponse.of(200).with(new Content.Bytes(new byte[LARGE]));

  private final AnswerMemory answers = TestingEngine.answers(3L * LARGE);

  private TestingEngine start(TestingEngine.Handler handler) throws IOException {
    return TestingEngine.start(
        TestingEngine.settings(), new MemoryBudget(1 << 20), answers, handler);
  }

  @Test
  void whoWantsMoreThanThereIsWaitsForIt() throws Exception {
    AnswerMemory memory = new AnswerMemory(10, 1, Duration.ofMinutes(1));
    assertThat(memory.take(8)).isTrue();
    assertThat(memory.tryTake(3)).isFalse();

    FutureTask<Boolean> waiting = new FutureTask<>(() -> memory.take(3));
    Thread first = Thread.ofPlatform().daemon().start(waiting);
    TestingEngine.eventually("waits", () -> first.getState() == Thread.State.TIMED_WAITING);
    assertThat(memory.take(4)).as("one more waits").isFalse();
    memory.give(8);

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(memory.used()).isEqualTo(3);
  }

  @Test
  void waitingEnds() {
    AnswerMemory memory = new AnswerMemory(10, 1, Duration.ofMillis(20));
    assertThat(memory.take(8)).isTrue();
    assertThat(memory.take(3)).isFalse();
    assertThat(memory.take(2)).isTrue();
    assertThat(memory.used()).isEqualTo(10);
  }

  @Test
  void whatIsLargerThanAllPassesAlone() {
    AnswerMemory memory = new AnswerMemory(10, 0, Duration.ZERO);
    assertThat(memory.take(1)).isTrue();
    assertThat(memory.take(11)).isFalse();
    memory.give(1);
    assertThat(memory.take(11)).isTrue();
  }

  @Test
  void largeAnswersThatNobodyTakesAreBoundedTogether() throws Exception {
    try (TestingEngine engine = start(exchange -> exchange.respond(LARGE_ANSWER))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        clients.add(engine.connect());
        clients.getLast().send(GET);
      }
      TestingEngine.eventually("all wait", () -> answers.used() == 3L * LARGE);
      try (RawClient extra = engine.connect()) {
        RawClient.Reply refused = extra.get("/");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.field("Retry-After")).isEqualTo("1");
        assertThat(extra.atEnd()).isTrue();
      }
      assertThat(clients.getFirst().reply().body()).hasSize(LARGE);
      TestingEngine.eventually("given back", () -> answers.used() == 2L * LARGE);
      for (RawClient client : clients) {
        client.close();
      }
      TestingEngine.eventually("all given back", () -> answers.used() == 0);
    }
  }

  @Test
  void anAnswerWithMemorySetAsideIsSentWhenThereIsSome() throws Exception {
    try (TestingEngine engine =
            start(
                exchange -> {
                  assertThat(exchange.setAside(3L * LARGE)).isTrue();
                  exchange.respond(LARGE_ANSWER);
                });
        RawClient first = engine.connect();
        RawClient second = engine.connect()) {
      first.send(GET);
      TestingEngine.eventually("what is not needed is given back", () -> answers.used() == LARGE);
      second.send(GET);
      TestingEngine.pause(100);
      assertThat(answers.used()).isEqualTo(LARGE);
      assertThat(first.reply().body()).hasSize(LARGE);
      assertThat(second.reply().body()).hasSize(LARGE);
      TestingEngine.eventually("all given back", () -> answers.used() == 0);
    }
  }

  @Test
  void whatWasSetAsideForNoAnswerIsGivenBack() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (QuietLog _ = new QuietLog();
        TestingEngine engine =
            start(
                exchange -> {
                  assertThat(exchange.setAside(LARGE)).isTrue();
                  switch (exchange.head().path()) {
                    case "/fails" -> throw new IllegalStateException("planted");
                    case "/late" -> go.await();
                    default -> {}
                  }
                  exchange.respond(TestingEngine.text("small"));
                });
        RawClient client = engine.connect();
        RawClient leaving = engine.connect()) {
      assertThat(client.get("/fails").status()).isEqualTo(500);
      TestingEngine.eventually("given back by a failure", () -> answers.used() == 0);
      assertThat(client.get("/small").text()).isEqualTo("small");
      TestingEngine.eventually("given back by a small answer", () -> answers.used() == 0);
      leaving.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
      TestingEngine.eventually("set aside", () -> answers.used() == LARGE);
      leaving.reset();
      TestingEngine.pause(50);
      go.countDown();
      TestingEngine.eventually("given back by who left", () -> answers.used() == 0);
    }
  }

  @Test
  void answersThatAreCutOffAreGivenBack() throws Exception {
    try (TestingEngine engine = start(exchange -> exchange.respond(LARGE_ANSWER))) {
      for (int i = 0; i < 50; i++) {
        try (RawClient client = engine.connect()) {
          client.send(GET);
          if (i % 2 == 0) {
            TestingEngine.eventually("begun", () -> answers.used() > 0);
          }
          client.reset();
        }
      }
      TestingEngine.eventually("all given back", () -> answers.used() == 0);
      try (RawClient client = engine.connect()) {
        assertThat(client.get("/").body()).hasSize(LARGE);
      }
    }
  }
}
