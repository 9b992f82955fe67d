package dev.berth.e2e.replicas;

import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Kills a replica in the middle of a client's push.
final class KillingWhile {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Replicas replicas;
  private final Path root;
  private final SplittableRandom random;

  KillingWhile(Replicas replicas, Path root, SplittableRandom random) {
    this.replicas = replicas;
    this.root = root;
    this.random = random;
  }

  /// Runs `push` on a thread of its own, and kills one replica once layers are on their way.
  ///
  /// @return whether the push was still going on then
  boolean run(String repository, Runnable push) {
    var failure = new AtomicReference<@Nullable Throwable>();
    Thread client =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    push.run();
                  } catch (Throwable failed) {
                    failure.set(failed);
                  }
                });
    Waiting.until("layers come", PATIENCE, () -> !client.isAlive() || hasUploads(repository));
    Waiting.pause(Duration.ofMillis(random.nextInt(300)));
    replicas.kill(random.nextInt(replicas.count()));
    boolean inTheMiddle = client.isAlive();
    try {
      client.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("the push failed", failed);
    }
    replicas.startMissing();
    return inTheMiddle;
  }

  private boolean hasUploads(String repository) {
    Path uploads = root.resolve("docker/registry/v2/repositories/" + repository + "/_uploads");
    if (!Files.isDirectory(uploads)) {
      return false;
    }
    try (var sessions = Files.walk(uploads)) {
      return sessions.anyMatch(file -> file.endsWith("data"));
    } catch (IOException | UncheckedIOException moved) {
      return false;
    }
  }
}
