package dev.berth.server.log;

import java.util.Locale;

/// Text in double quotes that cannot break a line: what a client sends may stand in it.
final class JsonText {
  private JsonText() {}

  static String quoted(String text) {
    StringBuilder result = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      append(result, text.charAt(i));
    }
    return result.append('"').toString();
  }

  private static void append(StringBuilder result, char c) {
    switch (c) {
      case '"' -> result.append("\\\"");
      case '\\' -> result.append("\\\\");
      case '\n' -> result.append("\\n");
      case '\r' -> result.append("\\r");
      case '\t' -> result.append("\\t");
      default -> {
        if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
          result.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
        } else {
          result.append(c);
        }
      }
    }
  }
}
