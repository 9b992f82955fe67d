package dev.berth.server.debug;

import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.InstantHandler;
import dev.berth.server.engine.RequestHead;
import dev.berth.server.health.HealthMonitor;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `/debug/health` as registry 2.8.2 answers it, byte for byte, and `/debug/health/down` and `up`
/// as its library does.
public final class HealthPage implements InstantHandler {
  private static final String PATH = "/debug/health";

  private final HealthMonitor monitor;
  private final Supplier<SortedMap<String, String>> notes;

  /// @param notes what somebody should look at, though requests are served: it stands in the body
  ///   and leaves the status as it is
  public HealthPage(HealthMonitor monitor, Supplier<SortedMap<String, String>> notes) {
    this.monitor = monitor;
    this.notes = notes;
  }

  @Override
  public @Nullable HttpResponse answer(RequestHead head) {
    return switch (head.path()) {
      case PATH ->
          head.method().equals("GET")
              ? PlainAnswers.health(monitor.faults(), notes.get())
              : PlainAnswers.notFound();
      case PATH + "/down" -> declare(head, true);
      case PATH + "/up" -> declare(head, false);
      default -> null;
    };
  }

  private HttpResponse declare(RequestHead head, boolean down) {
    if (!head.method().equals("POST")) {
      return PlainAnswers.notFound();
    }
    monitor.declareDown(down);
    return HttpResponse.of(200);
  }
}
