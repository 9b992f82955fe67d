package dev.berth.server.tracing;

import dev.berth.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// Where traces go, and which.
///
/// @param endpoint where spans are posted; its path may be a secret of the collector's
/// @param headers fields that are sent along, by name
/// @param resource what is said of this process beside what it says by itself
/// @param certificates PEM, of who is trusted for `https`; empty for those that the JDK trusts
/// @param timeout for one post with its answer
/// @param delay how long spans are gathered
public record TraceSettings(
    URI endpoint,
    Map<String, Secret> headers,
    Map<String, String> resource,
    Sampling sampling,
    byte[] certificates,
    Duration timeout,
    Duration delay) {

  /// Which requests are traced.
  ///
  /// @param parentBased whether a client that sends a trace decides for its own requests
  /// @param ratio of the others, 0 to 1
  record Sampling(boolean parentBased, double ratio) {}

  /// Copies the maps.
  public TraceSettings {
    headers = Map.copyOf(headers);
    resource = Map.copyOf(resource);
  }

  /// The endpoint as it may be shown.
  String host() {
    int port = endpoint.getPort();
    return endpoint.getScheme() + "://" + endpoint.getHost() + (port < 0 ? "" : ":" + port);
  }
}
