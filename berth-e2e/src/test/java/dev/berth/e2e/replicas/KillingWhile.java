package dev.berth.e2e.replicas;

import dev.berth.e2e.harness.Waiting;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Kills one replica in the middle of what a client does.
final class KillingWhile {
  private final Replicas replicas;
  private final SplittableRandom random;

  KillingWhile(Replicas replicas, SplittableRandom random) {
    this.replicas = replicas;
    this.random = random;
  }

  /// Runs `action` on a thread of its own, and kills replicas one at a time until it is done.
  ///
  /// @return how many were killed
  int run(Runnable action) {
    var failure = new AtomicReference<@Nullable Throwable>();
    Thread client =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    action.run();
                  } catch (Throwable failed) {
                    failure.set(failed);
                  }
                });
    int kills = 0;
    while (client.isAlive()) {
      Waiting.pause(Duration.ofMillis(500 + random.nextInt(1500)));
      if (client.isAlive()) {
        replicas.killAndStart(random.nextInt(replicas.count()));
        kills++;
      }
    }
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("failed after " + kills + " kills", failed);
    }
    return kills;
  }
}
