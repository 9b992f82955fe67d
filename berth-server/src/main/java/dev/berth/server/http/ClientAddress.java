package dev.berth.server.http;

import dev.berth.server.engine.HttpHeaders;
import dev.berth.server.engine.RequestHead;

/// The address of a client.
final class ClientAddress {
  /// The longest address in text: IPv6 with an embedded IPv4 address.
  private static final int MAX_LENGTH = 45;

  private ClientAddress() {}

  /// What proxies say: the first of `X-Forwarded-For`, else `X-Real-Ip`, else the peer. Anybody can
  /// send these fields: for logs only.
  static String forwarded(RequestHead head) {
    HttpHeaders headers = head.headers();
    String first = headers.first("X-Forwarded-For").map(ExternalUrl::firstItem).orElse("");
    if (isAddress(first)) {
      return first;
    }
    String real = headers.first("X-Real-Ip").map(String::strip).orElse("");
    return isAddress(real) ? real : peer(head);
  }

  /// The other end of the connection, without its port.
  static String peer(RequestHead head) {
    String remote = head.remote();
    int colon = remote.lastIndexOf(':');
    String host = colon < 0 ? remote : remote.substring(0, colon);
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static boolean isAddress(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    boolean separated = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      separated |= c == '.' || c == ':';
      if (!hex && c != '.' && c != ':') {
        return false;
      }
    }
    return separated;
  }
}
