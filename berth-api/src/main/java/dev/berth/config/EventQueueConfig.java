package dev.berth.config;

import java.time.Duration;

/// What waits for the endpoints of `notifications`; each bound is for one endpoint of one process.
///
/// @param queue on the store; when more waits, the oldest become dead letters
/// @param memory what is not on the store yet, or cannot be; what is more is dropped
/// @param deadLetters kept to be looked at, on the store; the oldest go
/// @param giveUpAfter an event of this age becomes a dead letter; 0 for never
public record EventQueueConfig(
    DataSize queue, DataSize memory, DataSize deadLetters, Duration giveUpAfter) {
  private static final DataSize LEAST_QUEUE = DataSize.ofKibibytes(64);
  private static final DataSize MOST_QUEUE = DataSize.ofMebibytes(64 * 1024);
  private static final DataSize LEAST_MEMORY = DataSize.ofKibibytes(16);
  private static final DataSize MOST_MEMORY = DataSize.ofMebibytes(1024);

  public static final EventQueueConfig DEFAULTS =
      new EventQueueConfig(
          DataSize.ofMebibytes(64),
          DataSize.ofMebibytes(4),
          DataSize.ofMebibytes(16),
          Duration.ZERO);

  public EventQueueConfig {
    Bounds.between("queue", queue, LEAST_QUEUE, MOST_QUEUE);
    Bounds.between("memory", memory, LEAST_MEMORY, MOST_MEMORY);
    Bounds.between("deadLetters", deadLetters, new DataSize(0), MOST_QUEUE);
    Bounds.notNegative("giveUpAfter", giveUpAfter);
  }
}
