package dev.berth.server.debug;

import dev.berth.oci.wire.HealthBody;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Short answers for programs that look at the status, and for people.
final class PlainAnswers {
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int UNAVAILABLE = 503;

  private PlainAnswers() {}

  static HttpResponse notFound() {
    return text(NOT_FOUND, "404 page not found\n");
  }

  static HttpResponse wrongMethod(String allow) {
    return text(METHOD_NOT_ALLOWED, "Method not allowed\n").with("Allow", allow);
  }

  static HttpResponse state(boolean well, String text) {
    return text(well ? 200 : UNAVAILABLE, text).with("Cache-Control", "no-store");
  }

  static HttpResponse health(SortedMap<String, String> faults, SortedMap<String, String> notes) {
    SortedMap<String, String> all = new TreeMap<>(faults);
    all.putAll(notes);
    return new HttpResponse(
        faults.isEmpty() ? 200 : UNAVAILABLE,
        List.of("Content-Type", HealthBody.CONTENT_TYPE),
        new Content.Bytes(HealthBody.of(all)));
  }

  /// No thread of the debug listener is free.
  static HttpResponse busy() {
    return text(UNAVAILABLE, "busy: try again later\n").with("Retry-After", "5");
  }

  private static HttpResponse text(int status, String text) {
    return new HttpResponse(
        status,
        List.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"),
        new Content.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }
}
