package dev.berth.server.load;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the users of one load share.
final class LoadCourse {
  private final LoadPlan plan;
  private final Target target;
  private final Stop stop;
  private final PushedImages images;
  private final Measurements measurements = new Measurements();
  private final long startNanos = System.nanoTime();
  private final AtomicReference<@Nullable RuntimeException> broken = new AtomicReference<>();

  LoadCourse(LoadPlan plan, Target target, Stop stop, PushedImages images) {
    this.plan = plan;
    this.target = target;
    this.stop = stop;
    this.images = images;
  }

  LoadPlan plan() {
    return plan;
  }

  Target target() {
    return target;
  }

  Stop stop() {
    return stop;
  }

  PushedImages images() {
    return images;
  }

  Measurements measurements() {
    return measurements;
  }

  /// Whether nobody begins anything any more.
  boolean isOver() {
    return stop.isAsked()
        || images.isFull()
        || broken.get() != null
        || System.nanoTime() - startNanos >= plan.duration().toNanos();
  }

  /// A user met a mistake of ours: nothing that was measured can be relied on.
  void breaks(RuntimeException mistake) {
    broken.compareAndSet(null, mistake);
  }

  /// Throws the first mistake that a user met.
  void rethrow() {
    RuntimeException mistake = broken.get();
    if (mistake != null) {
      throw mistake;
    }
  }

  /// Why the load is over, in one word.
  String endedBy() {
    return stop.isAsked() ? "signal" : images.isFull() ? "images" : "time";
  }
}
