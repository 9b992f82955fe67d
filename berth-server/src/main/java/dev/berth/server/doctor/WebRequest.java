package dev.berth.server.doctor;

import java.util.LinkedHashMap;
import java.util.Map;

/// A request over HTTP.
///
/// @param path with its query
/// @param zeros bytes of its body, all of them zero; negative for a body of none
/// @param chunked whether the length is left open, as clients leave it
record WebRequest(
    String method, String path, Map<String, String> fields, long zeros, boolean chunked) {
  WebRequest {
    fields = Map.copyOf(fields);
  }

  static WebRequest of(String method, String path) {
    return new WebRequest(method, path, Map.of(), method.equals("POST") ? 0 : -1, false);
  }

  WebRequest with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(fields);
    more.put(name, value);
    return new WebRequest(method, path, more, zeros, chunked);
  }

  /// With a body of zeros.
  WebRequest withZeros(long count, boolean openEnd) {
    return new WebRequest(method, path, fields, count, openEnd)
        .with("Content-Type", "application/octet-stream");
  }
}
