package dev.berth.server.metrics;

import dev.berth.oci.wire.Endpoint;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.Observation;
import dev.berth.server.engine.RequestHead;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/// Counts and times the requests of the protocol around another handler, from their turn to the end
/// of their answer: as registry 2.8.2 does, and those too that no thread was free for.
public final class RequestMetrics implements HttpHandler {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final int UNKNOWN = METHODS.size();
  private static final int STATUSES = 600;

  private final HttpHandler next;
  private final OciRoutes routes;
  private final Map<Endpoint, PerEndpoint> endpoints = new EnumMap<>(Endpoint.class);

  /// @param routes knows the paths of the protocol
  public RequestMetrics(HttpHandler next, OciRoutes routes, Metrics metrics) {
    this.next = next;
    this.routes = routes;
    Histogram seconds =
        metrics.histogram(
            "registry_http_request_duration_seconds",
            "The HTTP request latencies in seconds.",
            Scale.REQUEST_SECONDS,
            "handler",
            "method");
    Histogram requestBytes =
        metrics.histogram(
            "registry_http_request_size_bytes",
            "The HTTP request sizes in bytes.",
            Scale.BYTES,
            "handler");
    Histogram answerBytes =
        metrics.histogram(
            "registry_http_response_size_bytes",
            "The HTTP response sizes in bytes.",
            Scale.BYTES,
            "handler");
    for (Endpoint endpoint : Endpoint.values()) {
      endpoints.put(endpoint, new PerEndpoint(name(endpoint), seconds, requestBytes, answerBytes));
    }
    metrics.gauge(
        "registry_http_in_flight_requests",
        "The in-flight HTTP requests",
        List.of("handler"),
        this::inFlight);
    metrics.counter(
        "registry_http_requests",
        "Total number of HTTP requests made.",
        List.of("code", "handler", "method"),
        this::requests);
  }

  /// As registry 2.8.2 names them; it has no referrers.
  public static String name(Endpoint endpoint) {
    return switch (endpoint) {
      case BASE -> "base";
      case CATALOG -> "catalog";
      case TAGS -> "tags";
      case REFERRERS -> "referrers";
      case MANIFEST -> "manifest";
      case BLOB -> "blob";
      case UPLOADS -> "blob_upload";
      case UPLOAD -> "blob_upload_chunk";
    };
  }

  private static String method(int index) {
    return index == UNKNOWN ? "unknown" : METHODS.get(index).toLowerCase(Locale.ROOT);
  }

  @Override
  public void handle(HttpExchange exchange) {
    next.handle(exchange);
  }

  @Override
  public boolean needsNoStore(RequestHead head) {
    return next.needsNoStore(head);
  }

  @Override
  public Observation observe(RequestHead head) {
    PerEndpoint endpoint = routes.endpoint(head.path()).map(endpoints::get).orElse(null);
    return endpoint == null ? Observation.NONE : new Running(endpoint, head);
  }

  private void inFlight(Metrics.Sink sink) {
    for (PerEndpoint each : endpoints.values()) {
      sink.value(each.inFlight.sum(), each.name);
    }
  }

  private void requests(Metrics.Sink sink) {
    for (PerEndpoint each : endpoints.values()) {
      for (int method = 0; method <= UNKNOWN; method++) {
        PerMethod counts = each.methods.get(method);
        for (int status = 0; counts != null && status < STATUSES; status++) {
          LongAdder count = counts.byStatus.get(status);
          if (count != null) {
            sink.value(count.sum(), Integer.toString(status), each.name, method(method));
          }
        }
      }
    }
  }

  /// One request that is being answered.
  private static final class Running implements Observation {
    private final PerEndpoint endpoint;
    private final int method;
    private final long requestBytes;
    private final long start = System.nanoTime();

    Running(PerEndpoint endpoint, RequestHead head) {
      this.endpoint = endpoint;
      int index = METHODS.indexOf(head.method());
      this.method = index < 0 ? UNKNOWN : index;
      this.requestBytes = bytes(head);
      endpoint.inFlight.increment();
    }

    @Override
    public void ended(int status, long bodyBytes) {
      endpoint.inFlight.decrement();
      endpoint.requestBytes.add(requestBytes);
      endpoint.answerBytes.add(bodyBytes);
      PerMethod counts = endpoint.method(method);
      counts.seconds.since(start);
      counts.count(status);
    }

    /// The request's line, and what it says of its body.
    private static long bytes(RequestHead head) {
      long line = (long) head.method().length() + head.path().length() + head.query().length();
      boolean bodiless = head.method().equals("GET") || head.method().equals("HEAD");
      return bodiless ? line : line + length(head);
    }

    private static long length(RequestHead head) {
      String text = head.headers().first("Content-Length").orElse("0");
      try {
        return Math.max(0, Long.parseLong(text));
      } catch (NumberFormatException e) {
        return 0;
      }
    }
  }

  private static final class PerEndpoint {
    private final String name;
    private final Histogram seconds;
    private final Distribution requestBytes;
    private final Distribution answerBytes;
    private final LongAdder inFlight = new LongAdder();
    private final AtomicReferenceArray<PerMethod> methods = new AtomicReferenceArray<>(UNKNOWN + 1);

    PerEndpoint(String name, Histogram seconds, Histogram requestBytes, Histogram answerBytes) {
      this.name = name;
      this.seconds = seconds;
      this.requestBytes = requestBytes.of(name);
      this.answerBytes = answerBytes.of(name);
    }

    PerMethod method(int index) {
      PerMethod known = methods.get(index);
      if (known == null) {
        methods.compareAndSet(
            index, null, new PerMethod(seconds.of(name, RequestMetrics.method(index))));
        known = methods.get(index);
      }
      return known;
    }
  }

  private static final class PerMethod {
    private final Distribution seconds;
    private final AtomicReferenceArray<LongAdder> byStatus = new AtomicReferenceArray<>(STATUSES);

    PerMethod(Distribution seconds) {
      this.seconds = seconds;
    }

    void count(int status) {
      LongAdder known = byStatus.get(status);
      if (known == null) {
        byStatus.compareAndSet(status, null, new LongAdder());
        known = byStatus.get(status);
      }
      known.increment();
    }
  }
}
