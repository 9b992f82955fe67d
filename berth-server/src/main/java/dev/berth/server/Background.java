package dev.berth.server;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Work done again and again beside the requests. Some of it waits for the store or a file, which
/// may hang; the rest goes on: there are as many threads as kinds of work.
final class Background {
  private final ScheduledThreadPoolExecutor threads =
      new ScheduledThreadPoolExecutor(
          0, Thread.ofPlatform().daemon().name("background-", 0).factory());

  /// Does it for the first time after one period.
  void every(Duration period, String name, Runnable work) {
    every(period, period, name, work);
  }

  /// @param period from the end of one time to the beginning of the next
  void every(Duration first, Duration period, String name, Runnable work) {
    threads.setCorePoolSize(threads.getCorePoolSize() + 1);
    var _ =
        threads.scheduleWithFixedDelay(
            new Task(name, work), first.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Begins nothing any more, and waits for nothing. What runs is not interrupted: that would close
  /// its files.
  void close() {
    threads.shutdown();
  }
}
