package dev.berth.server.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Name and password of HTTP's basic scheme (RFC 7617), in UTF-8.
record BasicCredentials(String name, String password) {
  private static final String SCHEME = "basic ";

  /// What the field holds; empty for another scheme, and for what is none.
  static Optional<BasicCredentials> parse(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).strip());
      String text = new String(bytes, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new BasicCredentials(text.substring(0, colon), text.substring(colon + 1)));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  /// Whether nobody is named: what `containers/image` sends when it has no login.
  boolean isNobody() {
    return name.isEmpty() && password.isEmpty();
  }

  @Override
  public String toString() {
    return "BasicCredentials[not shown]";
  }
}
