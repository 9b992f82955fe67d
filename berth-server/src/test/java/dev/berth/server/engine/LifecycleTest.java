package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();

  private void waits(HttpExchange exchange) throws Exception {
    running.incrementAndGet();
    go.await();
    exchange.respond(TestingEngine.text("done " + TestingEngine.count(exchange)));
  }

  private static CompletableFuture<Boolean> drain(TestingEngine engine, Duration patience) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return engine.engine.drain(patience);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static boolean connects(TestingEngine engine) {
    try (RawClient client = engine.connect()) {
      return client.socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void drainingLetsRequestsFinishAndTakesNoMore() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::waits);
        RawClient reader = engine.connect();
        RawClient writer = engine.connect();
        RawClient idle = engine.connect()) {
      reader.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      writer.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
      TestingEngine.eventually("both run", () -> running.get() == 2);
      CompletableFuture<Boolean> drained = drain(engine, LONG);

      assertThat(idle.atEnd()).isTrue();
      TestingEngine.eventually("no new connections", () -> !connects(engine));
      assertThat(drained).isNotDone();
      go.countDown();
      RawClient.Reply read = reader.reply();
      assertThat(read.text()).isEqualTo("done 0");
      assertThat(read.field("connection")).isEqualTo("close");
      assertThat(reader.atEnd()).isTrue();
      assertThat(drained).isNotDone();
      writer.send("def");
      assertThat(writer.reply().text()).isEqualTo("done 6");
      assertThat(drained.get()).isTrue();
    }
  }

  @Test
  void drainingEndsWithItsPatience() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::waits);
        RawClient reader = engine.connect()) {
      reader.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      TestingEngine.eventually("runs", () -> running.get() == 1);
      assertThat(drain(engine, Duration.ofMillis(200)).get()).isFalse();
      assertThat(reader.atEnd()).isTrue();
      go.countDown();
    }
  }

  @Test
  void drainingNothingIsQuick() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::waits)) {
      assertThat(drain(engine, LONG).get()).isTrue();
    }
  }

  @Test
  void closingEndsConnectionsAndReads() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    TestingEngine.Handler handler =
        exchange -> {
          running.incrementAndGet();
          try {
            TestingEngine.count(exchange);
          } catch (IOException e) {
            failure.complete(e);
          }
          exchange.respond(HttpResponse.of(400));
        };
    TestingEngine engine = TestingEngine.start(handler);
    try (RawClient client = engine.connect()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
      TestingEngine.eventually("runs", () -> running.get() == 1);
      engine.close();
      assertThat(failure.get()).isInstanceOf(IOException.class);
      assertThat(client.atEnd()).isTrue();
    }
    engine.close();
  }

  @Test
  void aPortInUseIsToldSo() throws Exception {
    try (TestingEngine first = TestingEngine.start(this::waits)) {
      EngineSettings settings =
          EngineSettings.defaults("127.0.0.1", first.port(), TestingEngine.UNAVAILABLE);
      assertThatThrownBy(() -> HttpEngine.start(settings, exchange -> {}))
          .isInstanceOf(PortInUse.class)
          .hasMessage("cannot listen on 127.0.0.1:" + first.port() + ": the port is in use");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsToldSo() {
    EngineSettings settings = EngineSettings.defaults("192.0.2.1", 0, TestingEngine.UNAVAILABLE);
    assertThatThrownBy(() -> HttpEngine.start(settings, exchange -> {}))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(PortInUse.class)
        .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
  }

  @Test
  void anUnknownNameIsToldSo() {
    EngineSettings settings =
        EngineSettings.defaults("no-such-host.invalid", 0, TestingEngine.UNAVAILABLE);
    assertThatThrownBy(() -> HttpEngine.start(settings, exchange -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot listen on no-such-host.invalid:0: ");
  }

  @Test
  void withoutAHostAllAddressesAreServed() throws Exception {
    EngineSettings settings = EngineSettings.defaults("", 0, TestingEngine.UNAVAILABLE);
    try (HttpEngine engine =
            HttpEngine.start(settings, exchange -> exchange.respond(HttpResponse.of(200)));
        RawClient client = new RawClient(engine.port())) {
      assertThat(client.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void startingAndServingIsSilentAndLeavesNoFiles(@org.junit.jupiter.api.io.TempDir Path temporary)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            withoutTestLogging(),
            SilentStart.class.getName());
    Process process = builder.redirectErrorStream(true).start();
    String printed =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    assertThat(printed).isEqualTo("served by epoll\n");
    try (var left = Files.list(temporary)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.startsWith("hsperfdata"));
    }
  }

  /// ArchUnit brings an SLF4J that no server has; it would greet on standard error.
  private static String withoutTestLogging() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("slf4j"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// A process that serves a request and an upload, and ends.
  static final class SilentStart {
    private SilentStart() {}

    public static void main(String[] args) throws Exception {
      try (TestingEngine engine =
              TestingEngine.start(
                  exchange ->
                      exchange.respond(TestingEngine.text("" + TestingEngine.count(exchange))));
          RawClient client = engine.connect()) {
        client.get("/");
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc").reply();
        System.out.println("served by " + engine.engine.transport());
      }
    }
  }
}
