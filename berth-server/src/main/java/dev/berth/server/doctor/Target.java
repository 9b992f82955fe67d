package dev.berth.server.doctor;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A registry as clients see it.
///
/// @param url with a scheme of `http` or `https`, a host, perhaps a port and a path
/// @param user to log in as; null for nobody
/// @param password asked for where it is needed
/// @param authorities PEM file of those that are trusted; null for those of the system
/// @param largest bytes of the largest body that is tried
public record Target(
    URI url,
    @Nullable String user,
    Supplier<String> password,
    @Nullable Path authorities,
    long largest) {
  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  /// Reads a URL; empty for one that is none of a registry.
  public static Optional<URI> parse(String text) {
    try {
      URI uri = URI.create(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain =
          uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      return web && plain ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean isSecure() {
    return "https".equals(url.getScheme());
  }

  /// Without the brackets of IPv6.
  String host() {
    return url.getHost().replaceAll("^\\[|]$", "");
  }

  int port() {
    return port(url);
  }

  static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "https".equals(url.getScheme()) ? HTTPS : HTTP;
  }

  /// As images are called after it.
  String authority() {
    return url.getRawAuthority();
  }

  /// What stands before `/v2/`: empty, or a path without its last slash.
  String prefix() {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    return path.replaceFirst("/+(v2/*)?$", "");
  }

  boolean isLoopback() {
    return host().equals("localhost") || host().startsWith("127.") || host().equals("::1");
  }
}
