package dev.berth.server.metrics;

import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// Answers whoever scrapes, whatever the method. Counts them as registry 2.8.2's library does.
public final class MetricsPage implements HttpHandler {
  private final Metrics metrics;
  private final LongAdder scrapes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder inFlight = new LongAdder();

  public MetricsPage(Metrics metrics) {
    this.metrics = metrics;
    metrics.counter(
        "promhttp_metric_handler_requests",
        "Total number of scrapes by HTTP status code.",
        List.of("code"),
        sink -> {
          sink.value(scrapes.sum(), "200");
          sink.value(failures.sum(), "500");
          sink.value(0, "503");
        });
    metrics.gauge(
        "promhttp_metric_handler_requests_in_flight",
        "Current number of scrapes being served.",
        inFlight::sum);
  }

  @Override
  public void handle(HttpExchange exchange) {
    inFlight.increment();
    boolean made = false;
    try {
      byte[] text = metrics.text();
      made = true;
      exchange.respond(
          new HttpResponse(
              200, List.of("Content-Type", Metrics.CONTENT_TYPE), new Content.Bytes(text)));
    } finally {
      (made ? scrapes : failures).increment();
      inFlight.decrement();
    }
  }
}
