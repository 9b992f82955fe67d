package dev.berth.server.events;

import java.nio.charset.StandardCharsets;

/// JSON as Go's `encoding/json` writes it, which is what registry 2.8.2 sends.
final class GoJson {
  private static final String HEX = "0123456789abcdef";
  private static final int NIBBLE = 4;
  private static final int LOW = 0xf;
  private static final String INDENT = "   ";

  private GoJson() {}

  /// Appends a text in quotes. `<`, `>` and `&` are escaped, as Go does for the sake of browsers.
  static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '<', '>', '&', '\u2028', '\u2029' -> escape(json, c);
        default -> plain(json, text, i);
      }
    }
    json.append('"');
  }

  private static void plain(StringBuilder json, String text, int at) {
    char c = text.charAt(at);
    if (c < ' ') {
      escape(json, c);
    } else if (Character.isSurrogate(c) && !isPaired(text, at)) {
      json.append('\ufffd');
    } else {
      json.append(c);
    }
  }

  private static boolean isPaired(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
        : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }

  private static void escape(StringBuilder json, char c) {
    json.append("\\u");
    for (int shift = 3 * NIBBLE; shift >= 0; shift -= NIBBLE) {
      json.append(HEX.charAt((c >> shift) & LOW));
    }
  }

  /// The envelope around one event: `event` is JSON without blanks between its parts.
  static byte[] envelope(byte[] event) {
    String text = "{\"events\":[" + new String(event, StandardCharsets.UTF_8) + "]}";
    return indent(text).getBytes(StandardCharsets.UTF_8);
  }

  private static String indent(String json) {
    StringBuilder result = new StringBuilder(2 * json.length());
    int depth = 0;
    boolean inText = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (inText) {
        result.append(c);
        if (c == '\\') {
          i++;
          result.append(json.charAt(i));
        }
        inText = c != '"';
        continue;
      }
      switch (c) {
        case '{', '[' -> {
          result.append(c);
          if (json.charAt(i + 1) == c + 2) {
            i++;
            result.append((char) (c + 2));
          } else {
            depth++;
            line(result, depth);
          }
        }
        case '}', ']' -> {
          depth--;
          line(result, depth);
          result.append(c);
        }
        case ',' -> {
          result.append(c);
          line(result, depth);
        }
        case ':' -> result.append(": ");
        default -> {
          inText = c == '"';
          result.append(c);
        }
      }
    }
    return result.toString();
  }

  private static void line(StringBuilder result, int depth) {
    result.append('\n').repeat(INDENT, depth);
  }
}
