package dev.berth.server.events;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// Ids of events: random enough that no two processes make the same, and without a wait for
/// randomness in each request. Safe for use by many threads.
final class EventIds {
  private static final long VERSION_MASK = 0xF000L;
  private static final long VERSION_4 = 0x4000L;
  private static final long VARIANT = 0x8000000000000000L;
  private static final long LOW_BITS = 0x3FFFFFFFFFFFFFFFL;

  /// Odd, so that the multiples of the count are all different in the low bits.
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final long high;
  private final AtomicLong low;

  EventIds(RandomGenerator random) {
    this.high = (random.nextLong() & ~VERSION_MASK) | VERSION_4;
    this.low = new AtomicLong(random.nextLong());
  }

  UUID next() {
    return new UUID(high, (low.getAndAdd(STEP) & LOW_BITS) | VARIANT);
  }
}
