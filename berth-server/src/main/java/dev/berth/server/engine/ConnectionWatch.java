package dev.berth.server.engine;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends what stands still on one connection, or one stream of it. Looks at it a few times per
/// timeout instead of noting each event, which costs nothing per request and lets a timeout last up
/// to a quarter longer.
final class ConnectionWatch {
  private static final int LOOKS_PER_TIMEOUT = 4;

  /// The kernel watches each unacknowledged byte for the time of the write timeout
  /// (TCP_USER_TIMEOUT). What is seen here is coarser: the socket takes more only when a third of
  /// its buffer is free, a megabyte or so. So this second look, which serves where the first is not
  /// to be had, waits longer.
  private static final int WRITE_FACTOR = 4;

  /// While requests wait for a thread, a body must come this many times faster than otherwise, and
  /// is judged by so short a part of the grace: a few that crawl must not keep all others out.
  private static final int PRESSED_FACTOR = 16;

  private static final int PRESSED_PART = 6;

  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Watched connection;
  private final EngineSettings.Timeouts timeouts;
  private final Stall idle = new Stall();
  private final Stall body = new Stall();
  private final Stall write = new Stall();
  private final Stall request = new Stall();
  private final Stall change = new Stall();
  private final Stall file = new Stall();
  private @Nullable ScheduledFuture<?> ticks;
  private long lastTick = System.nanoTime();
  private long waitedForBody;
  private long bytesBefore;
  private long waitedUnderPressure;
  private long bytesBeforePressure;
  private boolean waitedBefore;
  private long requestsBefore;
  private long pausesBefore;

  ConnectionWatch(Watched connection, EngineSettings.Timeouts timeouts) {
    this.connection = connection;
    this.timeouts = timeouts;
  }

  /// Looks at it from now on, until [#stop]; or whoever has many to look at calls [#tick].
  void start(EventLoop loop) {
    long period = periodNanos(timeouts);
    ticks = loop.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.NANOSECONDS);
  }

  /// The time between two looks.
  static long periodNanos(EngineSettings.Timeouts timeouts) {
    long period = MOST_NANOS;
    for (Duration timeout :
        new Duration[] {
          timeouts.idle(),
          timeouts.bodyIdle(),
          timeouts.writeIdle(),
          timeouts.request(),
          timeouts.rateGrace().dividedBy(PRESSED_PART)
        }) {
      if (timeout.isPositive()) {
        period = Math.min(period, timeout.toNanos() / LOOKS_PER_TIMEOUT);
      }
    }
    return Math.max(period, LEAST_NANOS);
  }

  void stop() {
    if (ticks != null) {
      ticks.cancel(false);
    }
  }

  void tick() {
    long now = System.nanoTime();
    if (idle.lasts(connection.idleMark(), now, timeouts.idle())) {
      connection.abort("idle");
    } else if (body.lasts(connection.bodyMark(), now, timeouts.bodyIdle())) {
      connection.abort("no byte of the body came for " + timeouts.bodyIdle().toSeconds() + " s");
    } else if (write.lasts(
        connection.writeMark(), now, timeouts.writeIdle().multipliedBy(WRITE_FACTOR))) {
      connection.abort("the client took no byte of the answer");
    } else if (tooSlow(now - lastTick)) {
      connection.abort("the body came too slowly");
    }
    if (file.lasts(connection.fileMark(), now, timeouts.request())) {
      connection.abort("the disk did not give the rest of a file");
    }
    lookAtHandler(now);
    lastTick = now;
  }

  /// A read that takes long is given up. Others may take long for good reasons, as to sync many
  /// gigabytes: they are given up only while the store is known to hang, and their body with them.
  private void lookAtHandler(long now) {
    EngineExchange unanswered = connection.unanswered();
    if (unanswered != null && request.lasts(unanswered, now, timeouts.request())) {
      unanswered.timeOut();
    }
    EngineExchange stuck = unanswered == null ? connection.unansweredBody() : null;
    Object progress = stuck == null ? null : List.of(stuck, connection.bodyBytes());
    if (stuck != null
        && change.lasts(progress, now, timeouts.request())
        && connection.engine().storeHangs.getAsBoolean()) {
      stuck.giveUp();
    }
  }

  /// Counts only the time in which the engine waited for the client: a span in which its own reader
  /// stopped the socket says nothing about the client.
  private boolean tooSlow(long sinceLastTick) {
    if (connection.requests() != requestsBefore) {
      requestsBefore = connection.requests();
      waitedForBody = 0;
      waitedBefore = false;
      bytesBefore = connection.bodyBytes();
    }
    long pauses = connection.pauses();
    boolean waits = connection.bodyMark() != null;
    boolean waited = waits && waitedBefore && pauses == pausesBefore;
    if (waited) {
      waitedForBody += sinceLastTick;
    }
    waitedBefore = waits;
    pausesBefore = pauses;
    return waits
        && (tooSlowUnderPressure(waited ? sinceLastTick : 0)
            || isSlow(waitedForBody, timeouts.rateGrace(), bytesBefore, 1));
  }

  /// Looks at the last span only: what came before it does not free the thread.
  private boolean tooSlowUnderPressure(long waited) {
    Duration span = timeouts.rateGrace().dividedBy(PRESSED_PART);
    boolean slow = false;
    if (connection.engine().writes.isPressed()) {
      waitedUnderPressure += waited;
      slow = isSlow(waitedUnderPressure, span, bytesBeforePressure, PRESSED_FACTOR);
    }
    if (waited == 0 || waitedUnderPressure == 0 || waitedUnderPressure > span.toNanos()) {
      waitedUnderPressure = 0;
      bytesBeforePressure = connection.bodyBytes();
    }
    return slow;
  }

  private boolean isSlow(long waited, Duration grace, long before, int factor) {
    long came = connection.bodyBytes() - before;
    return waited > grace.toNanos() && came < waited / 1e9 * timeouts.bodyBytesPerSecond() * factor;
  }
}
