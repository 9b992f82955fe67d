package dev.berth.server.events;

import dev.berth.config.EventQueueConfig;

/// Bounds of one endpoint's queue, in bytes.
///
/// @param segmentBytes size of the files in which the queue lies on the store, about
record QueueLimits(long queueBytes, long memoryBytes, long segmentBytes) {
  private static final int SEGMENTS = 16;
  private static final long LEAST_SEGMENT = 16 << 10;
  private static final long MOST_SEGMENT = 4 << 20;

  static QueueLimits of(EventQueueConfig config) {
    long queue = config.queue().bytes();
    return new QueueLimits(
        queue, config.memory().bytes(), Math.clamp(queue / SEGMENTS, LEAST_SEGMENT, MOST_SEGMENT));
  }
}
