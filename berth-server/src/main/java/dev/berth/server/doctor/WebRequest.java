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
  private static final int MOST = 0x7f;

  WebRequest {
    fields = Map.copyOf(fields);
  }

  static WebRequest of(String method, String path) {
    return new WebRequest(method, path, Map.of(), method.equals("POST") ? 0 : -1, false);
  }

  /// Whether nothing of it, which may come from a server, ends a line or a word.
  boolean isPlain() {
    return path.chars().allMatch(c -> c > ' ' && c < MOST)
        && fields.values().stream()
            .allMatch(value -> value.chars().allMatch(c -> c >= ' ' && c < MOST));
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
