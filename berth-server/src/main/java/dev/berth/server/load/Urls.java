package dev.berth.server.load;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// Addresses that the load can ask.
public final class Urls {
  private Urls() {}

  /// Reads an absolute `http` or `https` URL with a host.
  ///
  /// @throws IllegalArgumentException it is none
  public static URI parse(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("no URL: " + text, e);
    }
    throw new IllegalArgumentException("no http or https URL: " + text);
  }
}
