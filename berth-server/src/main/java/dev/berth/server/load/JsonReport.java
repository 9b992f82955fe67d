package dev.berth.server.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/// The report as JSON. Its fields are a contract; `docs/load.md` says what they mean.
final class JsonReport {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final double NANOS = 1e9;
  private static final double THOUSAND = 1e3;

  private final LoadReport report;
  private final JsonGenerator json;

  private JsonReport(LoadReport report, JsonGenerator json) {
    this.report = report;
    this.json = json;
  }

  static byte[] of(LoadReport report) {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      new JsonReport(report, json).write();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }

  private void write() throws IOException {
    json.writeStartObject();
    head();
    json.writeObjectFieldStart("operations");
    for (Operation operation : Operation.values()) {
      figures(operation.title(), report.of(operation), true);
    }
    json.writeEndObject();
    json.writeObjectFieldStart("requests");
    for (RequestKind kind : RequestKind.values()) {
      if (report.requests().containsKey(kind)) {
        figures(kind.field(), report.of(kind), false);
      }
    }
    json.writeEndObject();
    json.writeNumberField("toldToWait", report.waits());
    errors();
    images();
    series();
    json.writeBooleanField("clean", report.isClean());
    json.writeEndObject();
  }

  private void head() throws IOException {
    LoadPlan plan = report.plan();
    json.writeStringField("url", report.url().toString());
    json.writeStringField("started", report.time().started().toString());
    number("elapsedSeconds", report.time().seconds());
    json.writeStringField("endedBy", report.time().endedBy());
    json.writeObjectFieldStart("plan");
    json.writeNumberField("users", plan.users());
    seconds("durationSeconds", plan.duration());
    json.writeStringField("repository", plan.repository().value());
    json.writeNumberField("layerBytes", plan.size().bytes());
    json.writeNumberField("layers", plan.layers());
    json.writeNumberField("pullsPerPush", plan.pulls());
    seconds("retryForSeconds", plan.retryFor());
    seconds("thinkSeconds", plan.think());
    json.writeBooleanField("keep", plan.keep());
    json.writeEndObject();
  }

  private void seconds(String name, Duration time) throws IOException {
    number(name, time.toNanos() / NANOS);
  }

  /// Three places behind the point: microseconds of milliseconds.
  private void number(String name, double value) throws IOException {
    json.writeNumberField(name, Math.round(value * THOUSAND) / THOUSAND);
  }

  private void figures(String name, Figures figures, boolean retries) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("count", figures.count());
    json.writeNumberField("failed", figures.failed());
    if (retries) {
      json.writeNumberField("retried", figures.retried());
    }
    number("perSecond", report.time().perSecond((double) figures.count()));
    json.writeNumberField("bytes", figures.bytes());
    number("bytesPerSecond", report.time().perSecond((double) figures.bytes()));
    latencies("", figures.latencies());
    json.writeEndObject();
  }

  private void latencies(String prefix, Latencies times) throws IOException {
    number(name(prefix, "p50Millis"), times.p50Millis());
    number(name(prefix, "p90Millis"), times.p90Millis());
    number(name(prefix, "p99Millis"), times.p99Millis());
    number(name(prefix, "maxMillis"), times.maxMillis());
  }

  private static String name(String prefix, String name) {
    return prefix.isEmpty()
        ? name
        : prefix + Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private void errors() throws IOException {
    json.writeArrayFieldStart("errors");
    for (ErrorLine error : report.errors()) {
      json.writeStartObject();
      json.writeStringField("operation", error.operation().title());
      json.writeStringField("request", error.request().field());
      json.writeStringField("reason", error.reason());
      json.writeNumberField("failed", error.failed());
      json.writeNumberField("retried", error.retried());
      number("firstSecond", error.firstSecond());
      number("lastSecond", error.lastSecond());
      json.writeStringField("example", error.example());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void images() throws IOException {
    Verified verified = report.verified();
    json.writeObjectFieldStart("images");
    json.writeNumberField("acknowledged", verified.acknowledged());
    json.writeNumberField("found", verified.found());
    json.writeNumberField("lost", verified.lost());
    json.writeNumberField("notVerified", verified.notVerified());
    json.writeStringField("notVerifiedReason", verified.reason());
    json.writeArrayFieldStart("losses");
    for (String loss : verified.losses()) {
      json.writeString(loss);
    }
    json.writeEndArray();
    json.writeNumberField("deleted", report.cleaned().deleted());
    json.writeNumberField("kept", report.cleaned().kept());
    json.writeStringField("keptReason", report.cleaned().reason());
    json.writeEndObject();
  }

  private void series() throws IOException {
    json.writeArrayFieldStart("series");
    for (Second second : report.seconds()) {
      json.writeStartObject();
      number("endSecond", second.end());
      json.writeNumberField("pushes", second.pushes());
      json.writeNumberField("pulls", second.pulls());
      json.writeNumberField("errors", second.errors());
      json.writeNumberField("bytes", second.bytes());
      latencies("push", second.push());
      latencies("pull", second.pull());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
