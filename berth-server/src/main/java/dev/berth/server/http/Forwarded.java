package dev.berth.server.http;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The first element of a `Forwarded` field (RFC 7239, §4): what the outermost proxy saw. Parts
/// that cannot be read are left out.
record Forwarded(Optional<String> proto, Optional<String> host) {

  static Forwarded parse(String field) {
    String proto = null;
    String host = null;
    int at = 0;
    while (at < field.length()) {
      int equals = field.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      int end = endOfValue(field, equals + 1);
      String value = unquoted(field.substring(equals + 1, end));
      switch (field.substring(at, equals).strip().toLowerCase(Locale.ROOT)) {
        case "proto" -> proto = value;
        case "host" -> host = value;
        default -> {}
      }
      if (end < field.length() && field.charAt(end) == ',') {
        break;
      }
      at = end + 1;
    }
    return new Forwarded(present(proto), present(host));
  }

  private static Optional<String> present(@Nullable String value) {
    return Optional.ofNullable(value).filter(text -> !text.isEmpty());
  }

  /// The index of the `;` or `,` that ends the value, or the end of the text.
  private static int endOfValue(String field, int from) {
    boolean quoted = false;
    for (int i = from; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ';' || c == ',')) {
        return i;
      }
    }
    return field.length();
  }

  private static String unquoted(String value) {
    String bare = value.strip();
    if (bare.length() < 2 || bare.charAt(0) != '"' || bare.charAt(bare.length() - 1) != '"') {
      return bare;
    }
    return bare.substring(1, bare.length() - 1).replace("\\", "");
  }
}
