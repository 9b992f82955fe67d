package dev.berth.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.engine.EngineSettings;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.InstantHandler;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is traced of requests that a real engine answers.
class TracedHandlerTest {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
  private static final String MANIFEST = "/v2/canary/manifests/t";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Collected collected = new Collected();
  private final Traces traces = collected.traces();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private HttpEngine engine;

  @BeforeEach
  void start() throws IOException {
    var settings = EngineSettings.defaults("127.0.0.1", 0, HttpResponse.of(503));
    engine =
        HttpEngine.start(
            settings,
            traces.around(this::answer, new OciRoutes("/images/", false)),
            InstantHandler.NONE);
  }

  @AfterEach
  void stop() {
    engine.close();
    client.close();
    traces.close();
  }

  private void answer(HttpExchange exchange) {
    seen.add(Traces.traceId());
    switch (exchange.head().query()) {
      case "fails" -> throw new IllegalStateException("planted");
      case "none" -> exchange.respond(HttpResponse.of(404));
      default -> exchange.respond(HttpResponse.of(200));
    }
  }

  private void send(String method, String target, String... fields) {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + engine.address() + target))
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < fields.length; i += 2) {
      request.header(fields[i], fields[i + 1]);
    }
    try {
      client.send(request.build(), BodyHandlers.discarding());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// A client may have its answer a moment before the span ends.
  private SpanData only() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (collected.spans().isEmpty() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
    assertThat(collected.spans()).hasSize(1);
    return collected.spans().getFirst();
  }

  private static String text(SpanData span, String key) {
    return String.valueOf(span.getAttributes().get(AttributeKey.stringKey(key)));
  }

  private static long status(SpanData span) {
    Long status = span.getAttributes().get(AttributeKey.longKey("http.response.status_code"));
    return status == null ? 0 : status;
  }

  @Test
  void goesOnWithTheTraceOfTheClient() {
    send("GET", "/images" + MANIFEST, "traceparent", PARENT, "tracestate", "a=b");

    SpanData span = only();
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(SPAN);
    assertThat(span.getSpanContext().getTraceState().get("a")).isEqualTo("b");
    assertThat(span.getName()).isEqualTo("GET manifest");
    assertThat(status(span)).isEqualTo(200);
    assertThat(text(span, "http.request.method")).isEqualTo("GET");
    assertThat(text(span, "http.route")).isEqualTo("/images/v2/{name}/manifests/{reference}");
    assertThat(text(span, "url.path")).isEqualTo("/images" + MANIFEST);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(seen).containsExactly(TRACE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
      })
  void beginsATraceWhereTheClientsIsMalformed(String parent) {
    send("GET", "/images" + MANIFEST, "traceparent", parent, "tracestate", "a=b");

    assertThat(only().getTraceId()).isNotEqualTo(TRACE);
    assertThat(only().getParentSpanContext().isValid()).isFalse();
    assertThat(only().getSpanContext().getTraceState().isEmpty()).isTrue();
  }

  @Test
  void beginsATraceWhereTheClientSentTwo() {
    send("GET", "/images" + MANIFEST, "traceparent", PARENT, "traceparent", PARENT);

    assertThat(only().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void dropsStateThatIsTooLong() {
    send("GET", "/images" + MANIFEST, "traceparent", PARENT, "tracestate", "a=" + "b".repeat(600));

    assertThat(only().getTraceId()).isEqualTo(TRACE);
    assertThat(only().getSpanContext().getTraceState().isEmpty()).isTrue();
  }

  @Test
  void leavesOutWhatTheClientDoesNotSample() {
    send("GET", "/images" + MANIFEST, "traceparent", "00-" + TRACE + "-" + SPAN + "-00");
    send("PUT", "/images/v2/a/blobs/uploads/s", "traceparent", PARENT);

    assertThat(only().getName()).isEqualTo("PUT blob_upload_chunk");
  }

  @Test
  void marksWhatFailed() {
    send("DELETE", "/images" + MANIFEST + "?fails");

    SpanData span = only();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(status(span)).isEqualTo(500);
    assertThat(text(span, "error.type")).isEqualTo("500");
    assertThat(span.getEvents()).hasSize(1);
  }

  @Test
  void marksNoAnswerAboutTheClient() {
    send("HEAD", "/images" + MANIFEST + "?none");

    assertThat(status(only())).isEqualTo(404);
    assertThat(only().getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void callsNothingByWhatTheClientChose() {
    send("CANARY", "/images" + MANIFEST);

    SpanData span = only();
    assertThat(span.getName()).isEqualTo("HTTP manifest");
    assertThat(text(span, "http.request.method")).isEqualTo("_OTHER");
  }

  @Test
  void leavesOtherPathsAlone() {
    send("GET", "/images/v3/canary", "traceparent", PARENT);
    send("GET", "/images/v2/");

    assertThat(only().getName()).isEqualTo("GET base");
    assertThat(seen).hasSize(2).first().isEqualTo("");
  }
}
