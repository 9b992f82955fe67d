package dev.berth.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who is told of pushes, pulls, mounts and deletes.
///
/// @param includeReferences whether an event of a manifest lists what the manifest refers to
/// @param endpoints those that are not disabled, in order
public record NotificationsConfig(boolean includeReferences, List<Endpoint> endpoints) {
  public static final NotificationsConfig DEFAULTS = new NotificationsConfig(false, List.of());

  public NotificationsConfig {
    endpoints = List.copyOf(endpoints);
  }

  /// One receiver.
  ///
  /// @param name for logs, numbers and the queue on the store; may be empty
  /// @param url where events are sent; may hold a login
  /// @param headers sent with each event; may hold a login
  /// @param timeout how long one try may take
  /// @param threshold after so many failures in a row each further try waits for `backoff`
  /// @param ignoredMediaTypes events of these targets are not sent
  /// @param ignoredActions nor are these: `push`, `pull`, `mount` or `delete`
  public record Endpoint(
      String name,
      URI url,
      Map<String, List<String>> headers,
      Duration timeout,
      int threshold,
      Duration backoff,
      Set<String> ignoredMediaTypes,
      Set<String> ignoredActions) {
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    public static final int DEFAULT_THRESHOLD = 10;
    public static final Duration DEFAULT_BACKOFF = Duration.ofSeconds(1);

    private static final int MAX_THRESHOLD = 1_000_000;

    public Endpoint {
      Bounds.webAddress("url", url);
      Bounds.positive("timeout", timeout);
      Bounds.between("threshold", threshold, 1, MAX_THRESHOLD);
      Bounds.positive("backoff", backoff);
      headers = Map.copyOf(headers);
      ignoredMediaTypes = Set.copyOf(ignoredMediaTypes);
      ignoredActions = Set.copyOf(ignoredActions);
    }

    /// What may be shown: the name, else where the URL leads without login, path and query.
    public String title() {
      return name.isEmpty() ? url.getScheme() + "://" + address() : name;
    }

    private String address() {
      return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
    }

    /// Says nothing of URL and headers.
    @Override
    public String toString() {
      return "Endpoint[" + title() + "]";
    }
  }
}
