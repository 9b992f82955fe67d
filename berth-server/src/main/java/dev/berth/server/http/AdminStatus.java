package dev.berth.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.berth.server.health.Readiness;
import dev.berth.server.reload.Reloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/// How one process of the registry is, for its operators.
///
/// @param replica tells it from the others
/// @param reading what pulls depend on
/// @param writing what pushes depend on
/// @param reloads what is read again while it runs
/// @param queues events that wait, or that were lost, by endpoint
public record AdminStatus(
    String version,
    String replica,
    List<Readiness.State> reading,
    List<Readiness.State> writing,
    List<Reloads.State> reloads,
    Load load,
    List<Queue> queues) {
  private static final JsonFactory JSON = new JsonFactory();

  /// What there is to do.
  ///
  /// @param inFlight requests that are not answered yet, this one too
  public record Load(int connections, int inFlight, int openUploads) {}

  /// The events for one endpoint, since the start of the process.
  public record Queue(String endpoint, long pending, long deadLetters, long dropped) {}

  public AdminStatus {
    reading = List.copyOf(reading);
    writing = List.copyOf(writing);
    reloads = List.copyOf(reloads);
    queues = List.copyOf(queues);
  }

  byte[] json() {
    var out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("version", version);
      json.writeStringField("replica", replica);
      json.writeObjectFieldStart("ready");
      json.writeBooleanField("pull", isWell(reading));
      json.writeBooleanField("push", isWell(writing));
      json.writeEndObject();
      writeStates(json);
      writeReloads(json);
      json.writeNumberField("connections", load.connections());
      json.writeNumberField("requestsInFlight", load.inFlight());
      json.writeNumberField("uploadsOpen", load.openUploads());
      writeQueues(json);
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
    return out.toByteArray();
  }

  private static boolean isWell(List<Readiness.State> states) {
    return states.stream().allMatch(state -> state.fault() == null);
  }

  private void writeStates(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("states");
    for (Readiness.State state : writing) {
      String fault = state.fault();
      json.writeStringField(state.name(), fault == null ? "ok" : fault);
    }
    json.writeEndObject();
  }

  private void writeReloads(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("reloads");
    for (Reloads.State state : reloads) {
      json.writeStartObject();
      json.writeStringField("key", state.key());
      json.writeStringField("lastGood", state.good().toString());
      json.writeStringField("fault", state.fault());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void writeQueues(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("events");
    for (Queue queue : queues) {
      json.writeStartObject();
      json.writeStringField("endpoint", queue.endpoint());
      json.writeNumberField("pending", queue.pending());
      json.writeNumberField("deadLetters", queue.deadLetters());
      json.writeNumberField("dropped", queue.dropped());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
