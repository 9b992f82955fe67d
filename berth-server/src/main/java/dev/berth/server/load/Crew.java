package dev.berth.server.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Threads that work at the same time, and somebody who watches.
final class Crew {
  private Crew() {}

  /// Runs all of the work to its end.
  ///
  /// @param watch called by this thread each time `every` has passed
  static void run(List<? extends Runnable> work, Duration every, Runnable watch)
      throws InterruptedException {
    var done = new CountDownLatch(work.size());
    List<Thread> threads = new ArrayList<>();
    for (Runnable each : work) {
      threads.add(
          Thread.ofVirtual()
              .name("load-" + (threads.size() + 1))
              .unstarted(
                  () -> {
                    try {
                      each.run();
                    } finally {
                      done.countDown();
                    }
                  }));
    }
    threads.forEach(Thread::start);
    while (!done.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
      watch.run();
    }
  }
}
