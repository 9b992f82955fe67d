package dev.berth.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What is looked at, and how often, to say whether the registry is well.
public record HealthConfig(
    StorageCheck storageDriver, List<FileCheck> files, List<HttpCheck> https, List<TcpCheck> tcps) {
  public static final HealthConfig DEFAULTS =
      new HealthConfig(StorageCheck.DEFAULTS, List.of(), List.of(), List.of());

  private static final int MAX_THRESHOLD = 1_000_000;

  public HealthConfig {
    files = List.copyOf(files);
    https = List.copyOf(https);
    tcps = List.copyOf(tcps);
  }

  /// Looks at the root of the store.
  ///
  /// @param threshold this many failures in a row mean that the registry is not well
  public record StorageCheck(boolean enabled, Duration interval, int threshold) {
    public static final StorageCheck DEFAULTS = new StorageCheck(false, Duration.ofSeconds(10), 1);

    public StorageCheck {
      Bounds.positive("interval", interval);
      Bounds.between("threshold", threshold, 1, MAX_THRESHOLD);
    }
  }

  /// Not well while a file exists.
  public record FileCheck(Path file, Duration interval, int threshold) {
    public FileCheck {
      Bounds.positive("interval", interval);
      Bounds.between("threshold", threshold, 1, MAX_THRESHOLD);
    }
  }

  /// Not well while a HEAD request fails or answers another status.
  public record HttpCheck(
      URI uri,
      Map<String, List<String>> headers,
      int statusCode,
      Duration timeout,
      Duration interval,
      int threshold) {
    /// What may be shown: no login, and nothing behind `?`, which may hold a token.
    public static String shown(URI uri) {
      String text = uri.toString();
      String user = uri.getRawUserInfo();
      String query = uri.getRawQuery();
      String address = user == null ? text : text.replace(user + "@", "");
      return query == null ? address : address.substring(0, address.indexOf('?'));
    }

    private static final int LEAST_STATUS = 100;
    private static final int MOST_STATUS = 599;

    public HttpCheck {
      headers = Map.copyOf(headers);
      Bounds.webAddress("uri", uri);
      Bounds.between("statusCode", statusCode, LEAST_STATUS, MOST_STATUS);
      Bounds.notNegative("timeout", timeout);
      Bounds.positive("interval", interval);
      Bounds.between("threshold", threshold, 1, MAX_THRESHOLD);
    }
  }

  /// Not well while nothing answers at an address.
  ///
  /// @param timeout how long a connection may take; 0 for as long as the system lets it
  public record TcpCheck(ListenAddress addr, Duration timeout, Duration interval, int threshold) {
    public TcpCheck {
      Bounds.notNegative("timeout", timeout);
      Bounds.positive("interval", interval);
      Bounds.between("threshold", threshold, 1, MAX_THRESHOLD);
    }
  }
}
