package dev.berth.server.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/// How long the answers to wrong logins are held back: twice as long each time, for each client. A
/// right login never waits. Safe for use by many threads.
final class FailureDelays {
  private static final int MOST_CLIENTS = 10_000;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);
  private static final long FIRST_MILLIS = 50;
  private static final int MOST_DOUBLINGS = 6;

  private final Cache<String, Integer> failures =
      Caffeine.newBuilder()
          .maximumSize(MOST_CLIENTS)
          .expireAfterWrite(FORGOTTEN_AFTER)
          .executor(Runnable::run)
          .build();

  /// Whether a client has just given wrong logins.
  boolean isFailing(String client) {
    return failures.getIfPresent(client) != null;
  }

  /// Counts one more wrong login, and gives the delay of its answer.
  Duration afterFailure(String client) {
    int count = failures.asMap().merge(client, 1, Integer::sum);
    return Duration.ofMillis(FIRST_MILLIS << Math.min(count - 1, MOST_DOUBLINGS));
  }
}
