package dev.berth.server.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Notes since when a mark has not changed.
final class Stall {
  private @Nullable Object mark;
  private long since;

  /// Whether `seen` is there and has been the same for `limit`; never if that is zero.
  boolean lasts(@Nullable Object seen, long now, Duration limit) {
    if (seen == null || !seen.equals(mark)) {
      mark = seen;
      since = now;
      return false;
    }
    return limit.isPositive() && now - since >= limit.toNanos();
  }
}
