package dev.berth.config;

/// Where the registry listens: `host:port`, `:port` for every address of the machine, `[::1]:port`
/// for IPv6.
///
/// @param host name or address without brackets; empty for every address of the machine
/// @param port 0 to 65535; 0 takes any free port
public record ListenAddress(String host, int port) {
  private static final int MAX_PORT = 65_535;

  public ListenAddress {
    if (port < 0 || port > MAX_PORT) {
      throw new InvalidSetting("port", port + " is no port; give 0 to " + MAX_PORT);
    }
  }

  /// Reads `host:port`.
  ///
  /// @throws IllegalArgumentException it is something else
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("no port in it");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an IPv6 address needs brackets");
    }
    return new ListenAddress(host, port(text.substring(colon + 1)));
  }

  private static int port(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no port number after the last colon", e);
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
