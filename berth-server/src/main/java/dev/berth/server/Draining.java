package dev.berth.server;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a stop goes on: connections are taken until nothing is in flight.
///
/// @param inKubernetes it takes some seconds to tell its nodes that a pod ends, and sends it new
///   connections meanwhile
/// @param most how long requests in flight are waited for; 0 cuts them off
record Draining(boolean inKubernetes, Duration most) {
  private static final String IN_KUBERNETES = "KUBERNETES_SERVICE_HOST";
  private static final Duration MOST_IN_KUBERNETES = Duration.ofSeconds(20);
  private static final Duration MOST_ELSEWHERE = Duration.ofSeconds(5);
  private static final Duration NEWS_TRAVEL = Duration.ofSeconds(5);

  /// @param configured `http.draintimeout`; null where it is not set
  static Draining of(@Nullable Duration configured, Map<String, String> environment) {
    boolean kubernetes = !environment.getOrDefault(IN_KUBERNETES, "").isEmpty();
    Duration usual = kubernetes ? MOST_IN_KUBERNETES : MOST_ELSEWHERE;
    return new Draining(kubernetes, configured == null ? usual : configured);
  }

  /// How long connections are taken though nothing is in flight.
  ///
  /// @param watched whether somebody asks for readiness, and needs time to see that it is gone
  Duration least(boolean watched) {
    if (!inKubernetes && !watched) {
      return Duration.ZERO;
    }
    return NEWS_TRAVEL.compareTo(most) < 0 ? NEWS_TRAVEL : most;
  }
}
