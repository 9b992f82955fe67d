package dev.berth.server;

import dev.berth.config.DebugConfig;
import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.auth.Authenticator;
import dev.berth.server.auth.BasicAuthenticator;
import dev.berth.server.auth.LoginLoad;
import dev.berth.server.engine.EngineLoad;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.events.EndpointCounts;
import dev.berth.server.events.Notifications;
import dev.berth.server.health.Readiness;
import dev.berth.server.http.AccessLog;
import dev.berth.server.log.ApplicationLog;
import dev.berth.server.metrics.MeteredManifestCache;
import dev.berth.server.metrics.Metrics;
import dev.berth.server.metrics.MetricsPage;
import dev.berth.server.metrics.RequestMetrics;
import dev.berth.server.metrics.StorageMetrics;
import dev.berth.server.redis.Redis;
import dev.berth.server.registry.ManifestCache;
import dev.berth.server.registry.StoredRegistry;
import dev.berth.server.reload.Reloads;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.watched.WatchedDriver;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is counted and shown of the parts, where the configuration asks for metrics. Where it does
/// not, every part stays as it is.
final class Metering {
  private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

  private final @Nullable Metrics metrics;
  private final String path;

  /// @param debug null for no debug listener, and so for no metrics
  Metering(@Nullable DebugConfig debug, String version) {
    boolean on = debug != null && debug.prometheus();
    this.metrics = on ? new Metrics() : null;
    this.path = debug == null ? "" : debug.prometheusPath();
    if (metrics != null) {
      metrics.gauge(
          "berth_build_info",
          "What runs here; always 1.",
          List.of("version"),
          sink -> sink.value(1, version));
      metrics.counter(
          "berth_log_lines_dropped",
          "Lines of the log that nothing read fast enough.",
          List.of("log"),
          sink -> sink.value(ApplicationLog.droppedLines(), "application"));
    }
  }

  StorageDriver around(StorageDriver driver) {
    return metrics == null
        ? driver
        : new WatchedDriver(driver, new StorageMetrics(driver.traits().name(), metrics));
  }

  ManifestCache around(ManifestCache cache) {
    return metrics == null ? cache : new MeteredManifestCache(cache, metrics);
  }

  HttpHandler around(HttpHandler handler, OciRoutes routes) {
    return metrics == null ? handler : new RequestMetrics(handler, routes, metrics);
  }

  /// What the debug listener answers.
  Map<String, HttpHandler> pages() {
    return metrics == null ? Map.of() : Map.of(path, new MetricsPage(metrics));
  }

  void show(StoredRegistry registry) {
    if (metrics != null) {
      metrics.gauge(
          "berth_uploads_open",
          "Upload sessions that clients of this process have open.",
          registry::openUploads);
    }
  }

  void show(Caching caching) {
    Redis redis = caching.redis();
    if (metrics != null && redis != null) {
      metrics.gauge("berth_redis_up", "Whether Redis answers.", () -> bit(redis.isUp()));
      metrics.counter(
          "berth_redis_requests",
          "Questions to Redis: the value was there (hit) or not (miss), it failed (error), or was not"
              + " asked, as Redis was away or too many waited for it (passed).",
          List.of("result"),
          sink -> {
            Redis.Counts counts = redis.counts();
            sink.value(counts.hits(), "hit");
            sink.value(counts.misses(), "miss");
            sink.value(counts.errors(), "error");
            sink.value(counts.passedOver(), "passed");
          });
    }
  }

  void show(AccessLog log) {
    if (metrics != null) {
      metrics.counter(
          "berth_access_log_lines_dropped",
          "Lines of the access log that nothing read fast enough.",
          log::dropped);
    }
  }

  void show(Auditing audit) {
    if (metrics != null) {
      metrics.counter(
          "berth_audit_log_lines_dropped",
          "Lines of the audit log that could not be written and did not fit in memory.",
          audit::dropped);
    }
  }

  void show(Readiness readiness) {
    if (metrics != null) {
      metrics.gauge(
          "berth_ready",
          "Whether requests should be sent here, as /readyz (pull) and /readyz/write (push) say.",
          List.of("for"),
          sink -> {
            sink.value(bit(isWell(readiness.forReading())), "pull");
            sink.value(bit(isWell(readiness.forWriting())), "push");
          });
      metrics.gauge(
          "berth_ready_state",
          "What readiness depends on: 1 where it is well.",
          List.of("state"),
          sink -> {
            for (Readiness.State state : readiness.forWriting()) {
              sink.value(bit(state.fault() == null), state.name());
            }
          });
    }
  }

  private static boolean isWell(List<Readiness.State> states) {
    return states.stream().allMatch(state -> state.fault() == null);
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }

  void show(Authenticator authenticator) {
    if (metrics != null && authenticator instanceof BasicAuthenticator logins) {
      metrics.gauge(
          "berth_login_checks",
          "Checks of passwords that run, or wait for their turn.",
          List.of("state"),
          sink -> {
            LoginLoad load = logins.load();
            sink.value(load.busy(), "busy");
            sink.value(load.waiting(), "waiting");
          });
      metrics.counter(
          "berth_logins",
          "Requests with a password: right, wrong, remembered from a check lately, refused for"
              + " want of room, or unavailable: whoever knows cannot be asked.",
          List.of("result"),
          sink -> {
            LoginLoad load = logins.load();
            sink.value(load.right(), "right");
            sink.value(load.wrong(), "wrong");
            sink.value(load.remembered(), "remembered");
            sink.value(load.refused(), "refused");
            sink.value(load.unavailable(), "unavailable");
          });
    }
  }

  void show(Reloads reloads) {
    if (metrics != null) {
      metrics.gauge(
          "berth_reload_failed",
          "1 where what the key names cannot be used as it is now, and what it held before holds.",
          List.of("key"),
          sink ->
              reloads
                  .states()
                  .forEach(state -> sink.value(bit(!state.fault().isEmpty()), state.key())));
      metrics.gauge(
          "berth_reload_last_good_timestamp_seconds",
          "When what holds now was read.",
          List.of("key"),
          sink ->
              reloads
                  .states()
                  .forEach(state -> sink.value(state.good().getEpochSecond(), state.key())));
    }
  }

  /// The first three under the names of distribution 3.
  void show(Notifications notifications) {
    if (metrics == null) {
      return;
    }
    metrics.counter(
        "registry_notifications_events",
        "The number of total events",
        List.of("type", "endpoint"),
        sink -> {
          for (EndpointCounts counts : notifications.counts()) {
            sink.value(counts.events(), "Events", counts.endpoint());
            sink.value(counts.successes(), "Successes", counts.endpoint());
            sink.value(counts.failures(), "Failures", counts.endpoint());
            sink.value(counts.errors(), "Errors", counts.endpoint());
          }
        });
    metrics.gauge(
        "registry_notifications_pending_total",
        "The gauge of pending events in queue",
        List.of("endpoint"),
        sink ->
            notifications
                .counts()
                .forEach(counts -> sink.value(counts.pending(), counts.endpoint())));
    metrics.counter(
        "registry_notifications_status",
        "The number of status code",
        List.of("code", "endpoint"),
        sink ->
            notifications
                .counts()
                .forEach(
                    counts ->
                        counts
                            .statuses()
                            .forEach((code, n) -> sink.value(n, code, counts.endpoint()))));
    metrics.counter(
        "berth_notifications_lost",
        "Events that will not be delivered: given up (deadletter), no room (dropped), or cut short"
            + " by a crash (damaged).",
        List.of("reason", "endpoint"),
        sink -> {
          for (EndpointCounts counts : notifications.counts()) {
            sink.value(counts.deadLetters(), "deadletter", counts.endpoint());
            sink.value(counts.dropped(), "dropped", counts.endpoint());
            sink.value(counts.damaged(), "damaged", counts.endpoint());
          }
        });
  }

  /// @param end when the certificate that clients are shown ends
  void showCertificate(Supplier<Instant> end) {
    if (metrics != null) {
      metrics.gauge(
          "berth_certificate_expiry_timestamp_seconds",
          "When the certificate that clients are shown ends.",
          () -> (double) end.get().getEpochSecond());
    }
  }

  void show(HttpEngine engine) {
    if (metrics != null) {
      new EngineGauges(metrics, engine).register();
    }
  }

  /// What an engine has to do.
  private record EngineGauges(Metrics metrics, HttpEngine engine) {
    void register() {
      metrics.gauge(
          "berth_connections_open", "Open connections.", () -> engine.load().connections());
      metrics.gauge(
          "berth_requests_in_flight",
          "Requests whose answer is not handed to the socket yet, of any path.",
          engine::inFlight);
      metrics.gauge(
          "berth_event_loop_delay_seconds",
          "How late the latest event loop came to the task it was given at the last scrape.",
          () -> (double) engine.load().loopDelay().toNanos() / NANOS);
      metrics.gauge(
          "berth_memory_set_aside_bytes",
          "Bytes of requests and answers that are in memory, where they are counted.",
          List.of("of"),
          sink -> {
            EngineLoad load = engine.load();
            sink.value(load.headBytes(), "heads");
            sink.value(load.bodyBytes(), "bodies");
            sink.value(load.copiedBytes(), "files");
            sink.value(load.answerBytes(), "answers");
          });
      pools();
    }

    private void pools() {
      metrics.gauge(
          "berth_worker_threads",
          "Threads that a pool may have, and those that are busy.",
          List.of("pool", "state"),
          sink -> {
            EngineLoad load = engine.load();
            threads(sink, "read", load.reads());
            threads(sink, "write", load.writes());
            threads(sink, "light", load.light());
          });
      metrics.gauge(
          "berth_worker_queue",
          "Requests that wait for a thread.",
          List.of("pool"),
          sink -> {
            EngineLoad load = engine.load();
            sink.value(load.reads().queued(), "read");
            sink.value(load.writes().queued(), "write");
            sink.value(load.light().queued(), "light");
          });
      metrics.counter(
          "berth_worker_refused",
          "Requests that were refused, as all threads were busy and the queue was full.",
          List.of("pool"),
          sink -> {
            EngineLoad load = engine.load();
            sink.value(load.reads().refused(), "read");
            sink.value(load.writes().refused(), "write");
            sink.value(load.light().refused(), "light");
          });
    }

    private static void threads(Metrics.Sink sink, String pool, EngineLoad.Pool load) {
      sink.value(load.threads(), pool, "most");
      sink.value(load.busy(), pool, "busy");
    }
  }
}
