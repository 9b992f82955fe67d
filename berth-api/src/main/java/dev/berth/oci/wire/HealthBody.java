package dev.berth.oci.wire;

import java.util.Arrays;
import java.util.Map;

/// The body of `/debug/health`: `{"<check>":"<error>"}`, without a line feed. Byte for byte what
/// registry 2.8.2 writes.
public final class HealthBody {
  /// The `Content-Type` that goes with it.
  public static final String CONTENT_TYPE = "application/json; charset=utf-8";

  private HealthBody() {}

  /// The body for what is wrong, by the names of the checks, in their order.
  public static byte[] of(Map<String, String> faults) {
    byte[] line = Json.bytes(json -> Json.value(json, faults));
    return Arrays.copyOf(line, line.length - 1);
  }
}
