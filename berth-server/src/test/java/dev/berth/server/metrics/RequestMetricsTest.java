package dev.berth.server.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.EngineSettings;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.InstantHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is counted of requests that a real engine answers.
class RequestMetricsTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final String MANIFEST = "/v2/a/manifests/t";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Metrics metrics = new Metrics();
  private final CountDownLatch go = new CountDownLatch(1);

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private HttpEngine engine;

  @BeforeEach
  void start() throws IOException {
    var settings =
        EngineSettings.defaults("127.0.0.1", 0, HttpResponse.of(503))
            .withPools(new EngineSettings.Pool(1, 0), new EngineSettings.Pool(1, 0));
    HttpHandler handler = new RequestMetrics(this::answer, new OciRoutes("", false), metrics);
    engine = HttpEngine.start(settings, handler, InstantHandler.NONE);
  }

  @AfterEach
  void stop() {
    go.countDown();
    engine.close();
    client.close();
  }

  private void answer(HttpExchange exchange) {
    try {
      switch (exchange.head().query()) {
        case "slow" -> go.await();
        case "fails" -> throw new IllegalStateException("planted");
        default -> {}
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    byte[] body = "12345".getBytes(UTF_8);
    boolean head = exchange.head().method().equals("HEAD");
    exchange.respond(
        new HttpResponse(
            200, List.of(), head ? new Content.Length(body.length) : new Content.Bytes(body)));
  }

  private void send(String method, String target, String body) {
    try {
      client.send(
          HttpRequest.newBuilder(URI.create("http://" + engine.address() + target))
              .timeout(Duration.ofSeconds(20))
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          java.net.http.HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> lines() {
    return new String(metrics.text(), UTF_8).lines().toList();
  }

  /// A client may have its answer a moment before it is counted.
  private void await(String line) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!lines().contains(line)) {
      assertThat(System.nanoTime()).as("never: %s, but %s", line, lines()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static String total(int code, String handler, String method, int count) {
    return "registry_http_requests_total{code=\"%d\",handler=\"%s\",method=\"%s\"} %d.0"
        .formatted(code, handler, method, count);
  }

  @Test
  void countsByHandlerMethodAndStatus() {
    send("GET", MANIFEST, "");
    send("GET", MANIFEST, "");
    send("HEAD", MANIFEST, "");
    send("PUT", MANIFEST + "?fails", "");
    send("PROPFIND", "/v2/", "");
    send("GET", "/v2/a/referrers/sha256:x", "");

    await(total(200, "manifest", "get", 2));
    await(total(200, "manifest", "head", 1));
    await(total(500, "manifest", "put", 1));
    await(total(200, "base", "unknown", 1));
    await(total(200, "referrers", "get", 1));
    assertThat(lines())
        .contains(
            "registry_http_request_duration_seconds_count{handler=\"manifest\",method=\"get\"} 2",
            "registry_http_response_size_bytes_count{handler=\"manifest\"} 4",
            "registry_http_in_flight_requests{handler=\"manifest\"} 0.0");
  }

  @Test
  void countsBytesOfBodies() {
    send("PUT", MANIFEST, "x".repeat(2000));
    await(total(200, "manifest", "put", 1));

    assertThat(lines())
        .contains(
            "registry_http_request_size_bytes_bucket{handler=\"manifest\",le=\"1024\"} 0",
            "registry_http_request_size_bytes_bucket{handler=\"manifest\",le=\"2048\"} 1",
            "registry_http_response_size_bytes_sum{handler=\"manifest\"} 5.0");
    send("HEAD", MANIFEST, "");
    await(total(200, "manifest", "head", 1));
    assertThat(lines()).contains("registry_http_response_size_bytes_sum{handler=\"manifest\"} 5.0");
  }

  /// No client makes a label: what is no path of the protocol is not counted.
  @Test
  void countsNothingThatClientsInvent() {
    for (String path : List.of("/", "/v2", "/v2/zzz", "/metrics", "//v2/", "/v2/a//manifests/t")) {
      send("GET", path, "");
    }
    send("GET", MANIFEST, "");
    await(total(200, "manifest", "get", 1));

    assertThat(lines().stream().filter(line -> line.startsWith("registry_http_requests_total")))
        .hasSize(1);
  }

  @Test
  void countsThoseThatWaitThatFindNoThreadAndWhoseClientLeft() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), engine.port())) {
      socket
          .getOutputStream()
          .write(("GET " + MANIFEST + "?slow HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(UTF_8));
      await("registry_http_in_flight_requests{handler=\"manifest\"} 1.0");
      send("GET", MANIFEST, "");
      await(total(503, "manifest", "get", 1));
      assertThat(engine.load().reads().refused()).isEqualTo(1);
      assertThat(engine.load().reads().busy()).isEqualTo(1);
    }
    await(total(499, "manifest", "get", 1));
    assertThat(lines()).contains("registry_http_in_flight_requests{handler=\"manifest\"} 0.0");
  }
}
