package dev.berth.server.ldap;

import dev.berth.config.LdapConfig;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Puts what a stranger typed into filters (RFC 4515) and distinguished names (RFC 4514), where it
/// can mean nothing but itself: all but letters and digits is written as `\hh`, in both.
final class Escapes {
  private static final HexFormat HEX = HexFormat.of();

  private Escapes() {}

  /// The pattern with a name, and the name of an entry, in their places.
  static String fill(String pattern, String name, String dn) {
    StringBuilder filled = new StringBuilder();
    int at = 0;
    while (at < pattern.length()) {
      if (pattern.startsWith(LdapConfig.NAME, at)) {
        filled.append(escape(name));
        at += LdapConfig.NAME.length();
      } else if (pattern.startsWith(LdapConfig.DN, at)) {
        filled.append(escape(dn));
        at += LdapConfig.DN.length();
      } else {
        filled.append(pattern.charAt(at));
        at++;
      }
    }
    return filled.toString();
  }

  private static String escape(String value) {
    StringBuilder escaped = new StringBuilder();
    for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9');
      if (plain) {
        escaped.append((char) one);
      } else {
        escaped.append('\\').append(HEX.toHexDigits(one));
      }
    }
    return escaped.toString();
  }
}
