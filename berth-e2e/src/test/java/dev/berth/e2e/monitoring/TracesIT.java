package dev.berth.e2e.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.TraceSink;
import dev.berth.e2e.harness.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Traces of a real server, at a collector that takes them and at others that do not.
class TracesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
  private static final String SECRET = "Bearer canary-0123456789abcdef";
  private static final byte[] NOTHING = new byte[0];

  @TempDir private Path folder;

  private RunningRegistry start(Map<String, String> environment, String more) {
    return Registries.BERTH.start(
        RegistryConfig.on(folder.resolve("s")).withExtra(more), environment);
  }

  private static Map<String, String> otlp(String url) {
    Map<String, String> variables = new HashMap<>();
    variables.put("OTEL_TRACES_EXPORTER", "otlp");
    variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", url);
    variables.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=" + SECRET.replace(" ", "%20"));
    variables.put("OTEL_BSP_SCHEDULE_DELAY", "100");
    return variables;
  }

  private static List<TraceSink.Span> requests(TraceSink sink) {
    return sink.spans().stream().filter(span -> span.attributes().containsKey("url.path")).toList();
  }

  @Test
  void aPushBelongsToTheTraceOfTheClient() {
    Path audit = folder.resolve("audit");
    try (TraceSink sink = TraceSink.start(200);
        RunningRegistry berth =
            start(otlp(sink.url()), "berth: {audit: {path: %s}}\n".formatted(audit))) {
      SampleImage image = SampleImage.small(new Random(1));
      berth.client().push("a/b", "t", image);
      berth
          .client()
          .send(
              "PUT",
              "/v2/a/b/manifests/u",
              Map.of(
                  "Content-Type",
                  image.manifest().mediaType(),
                  "traceparent",
                  PARENT,
                  "X-Request-Id",
                  "mine"),
              image.manifest().bytes());

      Waiting.until(
          "the client's trace",
          PATIENCE,
          () -> requests(sink).stream().anyMatch(span -> span.trace().equals(TRACE)));
      TraceSink.Span put =
          requests(sink).stream()
              .filter(span -> span.trace().equals(TRACE))
              .findAny()
              .orElseThrow();
      assertThat(put.name()).isEqualTo("PUT manifest");
      assertThat(put.parent()).isEqualTo(SPAN);
      assertThat(put.attributes())
          .containsEntry("http.route", "/v2/{name}/manifests/{reference}")
          .containsEntry("url.path", "/v2/a/b/manifests/u")
          .containsEntry("berth.repository", "a/b")
          .containsEntry("berth.request_id", "mine")
          .containsEntry("client.address", "127.0.0.1");
      assertThat(requests(sink))
          .extracting(TraceSink.Span::name)
          .contains("POST blob_upload", "PUT blob_upload_chunk", "PUT manifest");
      assertThat(sink.fields()).containsOnly("/v1/traces application/x-protobuf " + SECRET);
      assertThat(sink.resources().getFirst()).contains("service.name").contains("berth");
      assertThat(audit).content().contains("\"trace\":\"" + TRACE + "\"");
      assertThat(berth.log()).doesNotContain("canary");
    }
  }

  @Test
  void whatWaitsIsSentBeforeTheEnd() {
    try (TraceSink sink = TraceSink.start(200)) {
      Map<String, String> environment = otlp(sink.url());
      environment.put("OTEL_BSP_SCHEDULE_DELAY", "600000");
      try (RunningRegistry berth = start(environment, "")) {
        berth.client().send("GET", "/v2/", Map.of("traceparent", PARENT), NOTHING);
        assertThat(sink.spans()).isEmpty();
      }
      assertThat(requests(sink)).anyMatch(span -> span.trace().equals(TRACE));
    }
  }

  @Test
  void nothingIsSentUnlessItIsAskedFor() {
    try (TraceSink sink = TraceSink.start(200)) {
      Map<String, String> environment = otlp(sink.url());
      environment.put("OTEL_TRACES_EXPORTER", "");
      try (RunningRegistry berth = start(environment, "")) {
        berth.client().push("a", "t", SampleImage.small(new Random(1)));
      }
      assertThat(sink.fields()).isEmpty();
    }
  }

  @Test
  void anEndpointThatIsAwayIsToldOfOnce() {
    // Nobody listens on the port of a sink that was closed.
    String url;
    try (TraceSink gone = TraceSink.start(200)) {
      url = gone.url();
    }
    failsQuietly(url, "ConnectException");
  }

  @Test
  void anEndpointThatRefusesIsToldOfOnce() {
    try (TraceSink sink = TraceSink.start(401)) {
      failsQuietly(sink.url(), "it answered 401");
    }
  }

  private void failsQuietly(String url, String reason) {
    try (RunningRegistry berth = start(otlp(url), "")) {
      Waiting.until(
          "told",
          PATIENCE,
          () -> berth.client().answers() && berth.log().contains("traces cannot be delivered"));
      berth.client().push("a", "t", SampleImage.small(new Random(1)));
      berth.stop();

      assertThat(berth.log())
          .containsOnlyOnce("traces cannot be delivered to " + url + " (" + reason + ")")
          .doesNotContain("canary", "opentelemetry");
    }
  }

  @Test
  void anEndpointThatNeverAnswersHoldsNothingUp() {
    try (TraceSink sink = TraceSink.start(0);
        RunningRegistry berth = start(otlp(sink.url()), "")) {
      long start = System.nanoTime();
      // More than the queue of spans takes.
      for (int i = 0; i < 3000; i++) {
        assertThat(berth.client().answers()).isTrue();
      }
      Waiting.until("a post", PATIENCE, () -> !sink.fields().isEmpty());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);

      // One post would wait for ten seconds, and be tried again after that.
      long stop = System.nanoTime();
      berth.stop();
      assertThat(Duration.ofNanos(System.nanoTime() - stop)).isLessThan(Duration.ofSeconds(9));
    }
  }

  @Test
  void aVariableThatCannotBeUsedIsNamed() {
    Map<String, String> environment = otlp("http://127.0.0.1:1");
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    environment.put("OTEL_EXPORTER_OTLP_HEADERS", "Host=canary");
    try (RunningRegistry berth = start(environment, "")) {
      assertThat(berth.client().answers()).isTrue();
      assertThat(berth.log())
          .contains("traces are off: OTEL_EXPORTER_OTLP_PROTOCOL is grpc")
          .contains("traces are off: OTEL_EXPORTER_OTLP_HEADERS holds what no header field may be")
          .doesNotContain("canary");
    }
  }
}
