package dev.berth.server.tracing;

import dev.berth.oci.wire.Endpoint;
import dev.berth.server.metrics.RequestMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// How requests of one kind of path are called in traces: with nothing that a client chose.
///
/// @param route the path, with names of its parts in place of what they hold
/// @param names of spans, by method
record TracedEndpoint(String route, Map<String, String> names) {
  /// For every other method, as OpenTelemetry's conventions say.
  private static final String OTHER = "_OTHER";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  static TracedEndpoint of(Endpoint endpoint, String prefix) {
    String name = RequestMetrics.name(endpoint);
    Map<String, String> names = new HashMap<>();
    METHODS.forEach(method -> names.put(method, method + " " + name));
    // The conventions' word for such a method in the name of a span.
    names.put(OTHER, "HTTP " + name);
    return new TracedEndpoint(prefix + path(endpoint), Map.copyOf(names));
  }

  private static String path(Endpoint endpoint) {
    return switch (endpoint) {
      case BASE -> "/v2/";
      case CATALOG -> "/v2/_catalog";
      case TAGS -> "/v2/{name}/tags/list";
      case REFERRERS -> "/v2/{name}/referrers/{digest}";
      case MANIFEST -> "/v2/{name}/manifests/{reference}";
      case BLOB -> "/v2/{name}/blobs/{digest}";
      case UPLOADS -> "/v2/{name}/blobs/uploads/";
      case UPLOAD -> "/v2/{name}/blobs/uploads/{session}";
    };
  }

  /// The method of a request as it is shown.
  static String method(String sent) {
    return METHODS.contains(sent) ? sent : OTHER;
  }

  /// @param method as [#method] gives it
  String spanName(String method) {
    return names.getOrDefault(method, OTHER);
  }
}
