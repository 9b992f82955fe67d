package dev.berth.server.load;

import dev.berth.config.DataSize;
import dev.berth.oci.RepositoryName;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;

/// Small loads.
final class Loads {
  static final Instant START = Instant.parse("2026-11-28T10:00:00Z");

  private Loads() {}

  static LoadPlan plan(int users) {
    return plan(users, Duration.ZERO);
  }

  static LoadPlan plan(int users, Duration retryFor) {
    return new LoadPlan(
        users,
        Duration.ofMinutes(10),
        new RepositoryName("load"),
        new DataSize(5_000),
        2,
        2,
        retryFor,
        Duration.ZERO,
        false);
  }

  /// Runs it until so many images were acknowledged.
  static LoadReport run(Target target, LoadPlan plan, int images) throws InterruptedException {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var progress = new ProgressLine(nowhere, false);
    return new LoadRun(target, plan, () -> START, 1, progress, images).run();
  }

  static String text(FreshBlob blob) {
    var bytes = new ByteArrayOutputStream();
    var done = new CountDownLatch(1);
    blob.body()
        .subscribe(
            new Flow.Subscriber<>() {
              @Override
              public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
              }

              @Override
              public void onNext(ByteBuffer item) {
                byte[] part = new byte[item.remaining()];
                item.get(part);
                bytes.writeBytes(part);
              }

              @Override
              public void onError(Throwable problem) {
                done.countDown();
              }

              @Override
              public void onComplete() {
                done.countDown();
              }
            });
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
