package dev.berth.server.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.ListenAddress;
import dev.berth.server.engine.Content;
import dev.berth.server.health.HealthCheck;
import dev.berth.server.health.HealthMonitor;
import dev.berth.server.health.Readiness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The debug listener over a real socket.
class DebugListenerTest {
  private static final Duration OFTEN = Duration.ofMillis(5);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final ListenAddress ANYWHERE = new ListenAddress("127.0.0.1", 0);

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicReference<String> fault = new AtomicReference<>("");
  private final AtomicReference<String> writeFault = new AtomicReference<>("");
  private final SortedMap<String, String> notes = new ConcurrentSkipListMap<>();
  private final HealthMonitor monitor =
      new HealthMonitor(
          List.of(
              new HealthCheck("/b<down>&", OFTEN, 1, HealthCheck.LIMIT, () -> failWith(fault)),
              new HealthCheck("/a", OFTEN, 1, HealthCheck.LIMIT, () -> failWith(fault))),
          threads);

  @AfterEach
  void stop() {
    threads.shutdownNow();
    client.close();
  }

  private static void failWith(AtomicReference<String> fault) throws IOException {
    if (!fault.get().isEmpty()) {
      throw new IOException(fault.get());
    }
  }

  private Readiness readiness() {
    return new Readiness(monitor, () -> {}, () -> failWith(writeFault), threads);
  }

  private DebugListener listen(Readiness readiness) throws IOException {
    return DebugListener.start(
        ANYWHERE,
        List.of(new Probes(readiness, true), new HealthPage(monitor, () -> notes)),
        Map.of(
            "/page",
            exchange ->
                exchange.respond(
                    dev.berth.server.engine.HttpResponse.of(200)
                        .with(new Content.Bytes("page".getBytes(StandardCharsets.UTF_8))))));
  }

  private HttpResponse<String> ask(DebugListener listener, String method, String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://" + listener.address() + path))
              .timeout(Duration.ofSeconds(20))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void await(String what, BooleanSupplier wanted) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("never: " + what).isLessThan(deadline);
      LockSupport.parkNanos(OFTEN.toNanos());
    }
  }

  @Test
  void saysAsTheOldRegistryWhatIsWrong() throws IOException {
    try (DebugListener listener = listen(readiness())) {
      HttpResponse<String> well = ask(listener, "GET", "/debug/health");
      assertThat(well.statusCode()).isEqualTo(200);
      assertThat(well.body()).isEqualTo("{}");
      assertThat(well.headers().firstValue("Content-Type"))
          .contains("application/json; charset=utf-8");

      fault.set("file exists");
      await("both fail", () -> monitor.faults().size() == 2);

      HttpResponse<String> unwell = ask(listener, "GET", "/debug/health");
      assertThat(unwell.statusCode()).isEqualTo(503);
      assertThat(unwell.body())
          .isEqualTo("{\"/a\":\"file exists\",\"/b\\u003cdown\\u003e\\u0026\":\"file exists\"}");
      assertThat(ask(listener, "HEAD", "/debug/health").statusCode()).isEqualTo(404);
      assertThat(ask(listener, "POST", "/debug/health").body()).isEqualTo("404 page not found\n");
    }
  }

  /// A file that cannot be read again is to be mended, but it is no reason to take the server out.
  @Test
  void saysWhatIsToBeMendedThoughAllIsServed() throws IOException {
    try (DebugListener listener = listen(readiness())) {
      notes.put("reload_http.tls", "/c.pem: no such file");

      HttpResponse<String> answer = ask(listener, "GET", "/debug/health");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"reload_http.tls\":\"/c.pem: no such file\"}");
    }
  }

  @Test
  void isDeclaredDownAndUpByHand() throws IOException {
    Readiness readiness = readiness();
    try (DebugListener listener = listen(readiness)) {
      await("ready", () -> ask(listener, "GET", "/readyz").statusCode() == 200);
      assertThat(ask(listener, "GET", "/debug/health/down").statusCode()).isEqualTo(404);

      assertThat(ask(listener, "POST", "/debug/health/down").statusCode()).isEqualTo(200);

      assertThat(ask(listener, "GET", "/debug/health").body())
          .isEqualTo("{\"manual_http_status\":\"Manual Check\"}");
      assertThat(monitor.isHealthy()).isFalse();
      assertThat(ask(listener, "GET", "/readyz").statusCode()).isEqualTo(503);
      assertThat(ask(listener, "POST", "/debug/health/up").statusCode()).isEqualTo(200);
      assertThat(ask(listener, "GET", "/debug/health").body()).isEqualTo("{}");
    }
  }

  @Test
  void readinessIsRedAtOnceWhenTheServerStops() throws IOException {
    Readiness readiness = readiness();
    try (DebugListener listener = listen(readiness)) {
      await("ready", () -> ask(listener, "GET", "/readyz").statusCode() == 200);

      readiness.draining();

      HttpResponse<String> answer = ask(listener, "GET", "/readyz?verbose");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body())
          .isEqualTo(
              """
              [-] serving: the server is stopping
              [+] store-read: ok
              [+] health: ok
              not ok
              """);
      assertThat(ask(listener, "GET", "/livez").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aStoreThatOnlyTakesNothingIsReadyForPulls() throws IOException {
    writeFault.set("the volume is read-only");
    try (DebugListener listener = listen(readiness())) {
      await("ready", () -> ask(listener, "GET", "/readyz").statusCode() == 200);

      assertThat(ask(listener, "HEAD", "/readyz/write").statusCode()).isEqualTo(503);
      await(
          "said why",
          () ->
              ask(listener, "GET", "/readyz/write?verbose")
                  .body()
                  .contains("[-] store-write: the volume is read-only\n"));
      assertThat(ask(listener, "POST", "/readyz").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void isStartedWhenTheStoreHasAnswered() throws IOException {
    var answers = new CountDownLatch(1);
    var readiness = new Readiness(monitor, answers::await, null, threads);
    try (DebugListener listener = listen(readiness)) {
      assertThat(ask(listener, "GET", "/startupz").statusCode()).isEqualTo(503);
      assertThat(ask(listener, "GET", "/readyz").statusCode()).isEqualTo(503);
      assertThat(ask(listener, "GET", "/livez").body()).isEqualTo("ok\n");

      answers.countDown();

      await("started", () -> ask(listener, "GET", "/startupz").statusCode() == 200);
    }
  }

  @Test
  void givesPagesOfOthersAndSaysWhatItDoesNotKnow() throws IOException {
    try (DebugListener listener = listen(readiness())) {
      assertThat(ask(listener, "GET", "/page").body()).isEqualTo("page");
      assertThat(ask(listener, "GET", "/").statusCode()).isEqualTo(404);
      assertThat(ask(listener, "GET", "/debug/pprof/").body()).isEqualTo("404 page not found\n");
    }
  }

  @Test
  void aPortInUseNamesTheKey() throws IOException {
    try (DebugListener listener = listen(readiness())) {
      ListenAddress taken = ListenAddress.parse(listener.address());

      assertThatThrownBy(() -> DebugListener.start(taken, List.of(), Map.of()))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "cannot listen on "
                  + listener.address()
                  + ": the port is in use; end what listens there, or set http.debug.addr"
                  + " (REGISTRY_HTTP_DEBUG_ADDR) to another");
    }
  }
}
