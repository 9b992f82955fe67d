package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();

  private void waits(HttpExchange exchange) throws Exception {
    running.incrementAndGet();
    go.await();
    exchange.respond(TestingEngine.text("done " + TestingEngine.count(exchange)));
  }

  private static boolean connects(TestingEngine engine) {
    try (RawClient client = engine.connect()) {
      return client.socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Test
  void drainingLetsRequestsFinishAndThenTakesNoMore() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::waits);
        RawClient reader = engine.connect();
        RawClient writer = engine.connect();
        RawClient idle = engine.connect()) {
      reader.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      writer.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
      TestingEngine.eventually("both run", () -> running.get() == 2);
      CompletableFuture<Boolean> drained = engine.drain(LONG);

      // Whoever has not heard of it is served all the same, but not on this connection again.
      idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      try (RawClient late = engine.connect()) {
        late.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        TestingEngine.eventually("these run too", () -> running.get() == 4);
        assertThat(drained).isNotDone();
        go.countDown();
        assertThat(late.reply().field("connection")).isEqualTo("close");
        assertThat(late.atEnd()).isTrue();
        assertThat(idle.reply().field("connection")).isEqualTo("close");
        assertThat(idle.atEnd()).isTrue();
      }
      RawClient.Reply read = reader.reply();
      assertThat(read.text()).isEqualTo("done 0");
      assertThat(read.field("connection")).isEqualTo("close");
      assertThat(reader.atEnd()).isTrue();
      assertThat(drained).isNotDone();
      writer.send("def");
      assertThat(writer.reply().text()).isEqualTo("done 6");
      assertThat(drained.get()).isTrue();
      assertThat(connects(engine)).isFalse();
      assertThat(engine.engine.inFlight()).isZero();
    }
  }

  @Test
  void drainingTakesConnectionsForATimeThoughNothingIsInFlight() throws Exception {
    go.countDown();
    try (TestingEngine engine = TestingEngine.start(this::waits);
        RawClient idle = engine.connect()) {
      CompletableFuture<Boolean> drained =
          engine.drain(Duration.ofSeconds(1), Duration.ofSeconds(20));
      assertThat(connects(engine)).isTrue();
      assertThat(idle.get("/").field("connection")).isEqualTo("close");
      assertThat(drained.get()).isTrue();
      assertThat(connects(engine)).isFalse();
      assertThat(idle.atEnd()).isTrue();
    }
  }

  @Test
  void aClientThatLeftIsNotInFlight() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::waits)) {
      try (RawClient client = engine.connect()) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        TestingEngine.eventually("runs", () -> running.get() == 1);
        assertThat(engine.engine.inFlight()).isOne();
      }
      TestingEngine.eventually("gone", () -> engine.engine.inFlight() == 0);
      go.countDown();
    }
  }

  @Test
  void drainingEndsWithItsPatience() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::waits);
        RawClient reader = engine.connect()) {
      reader.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      TestingEngine.eventually("runs", () -> running.get() == 1);
      assertThat(engine.drain(Duration.ofMillis(200)).get()).isFalse();
      assertThat(reader.atEnd()).isTrue();
      go.countDown();
    }
  }

  @Test
  void drainingNothingIsQuick() throws Exception {
    try (TestingEngine engine = TestingEngine.start(this::waits)) {
      assertThat(engine.drain(LONG).get()).isTrue();
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
      assertThatThrownBy(() -> HttpEngine.start(settings, exchange -> {}, InstantHandler.NONE))
          .isInstanceOf(PortInUse.class)
          .hasMessageStartingWith(
              "cannot listen on 127.0.0.1:" + first.port() + ": the port is in use");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsToldSo() {
    EngineSettings settings = EngineSettings.defaults("192.0.2.1", 0, TestingEngine.UNAVAILABLE);
    assertThatThrownBy(() -> HttpEngine.start(settings, exchange -> {}, InstantHandler.NONE))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(PortInUse.class)
        .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
  }

  @Test
  void anUnknownNameIsToldSo() {
    EngineSettings settings =
        EngineSettings.defaults("no-such-host.invalid", 0, TestingEngine.UNAVAILABLE);
    assertThatThrownBy(() -> HttpEngine.start(settings, exchange -> {}, InstantHandler.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot listen on no-such-host.invalid:0: ");
  }

  @Test
  void withoutAHostAllAddressesAreServed() throws Exception {
    EngineSettings settings = EngineSettings.defaults("", 0, TestingEngine.UNAVAILABLE);
    try (HttpEngine engine =
            HttpEngine.start(
                settings, exchange -> exchange.respond(HttpResponse.of(200)), InstantHandler.NONE);
        RawClient client = new RawClient(engine.port())) {
      assertThat(client.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void startingAndServingIsSilentAndLeavesNoFiles(@TempDir Path temporary) throws Exception {
    assertThat(silentStart(temporary)).isEqualTo("served by epoll\n");
  }

  @Test
  void withoutItsNativeLibraryItServesTheSame(@TempDir Path temporary) throws Exception {
    assertThat(silentStart(temporary, "-Dio.netty.transport.noNative=true"))
        .isEqualTo("served by nio\n");
  }

  /// What a process of its own prints on both its outputs.
  private static String silentStart(Path temporary, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(List.of(flags));
    command.add(SilentStart.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    try (var left = Files.list(temporary)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .allMatch(name -> name.startsWith("hsperfdata"));
    }
    return printed;
  }

  /// A process that serves a request and an upload, and ends.
  static final class SilentStart {
    private SilentStart() {}

    public static void main(String[] args) throws Exception {
      try (TestingEngine engine = TestingEngine.start(SilentStart::handle);
          RawClient client = engine.connect()) {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
        String length = client.reply().text();
        int file = client.get("/file").body().length;
        boolean right = length.equals("3") && file == 3_000_000;
        System.out.println(right ? "served by " + engine.engine.transport() : "wrong");
      }
    }

    private static void handle(HttpExchange exchange) throws IOException {
      if (exchange.head().path().equals("/file")) {
        Path file = Files.createTempFile("served", ".bin");
        Files.write(file, new byte[3_000_000]);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.DELETE_ON_CLOSE);
        Runnable release =
            () -> {
              try {
                channel.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            };
        exchange.respond(
            HttpResponse.of(200).with(new Content.File(channel, 0, 3_000_000, release)));
      } else {
        exchange.respond(TestingEngine.text("" + TestingEngine.count(exchange)));
      }
    }
  }
}
