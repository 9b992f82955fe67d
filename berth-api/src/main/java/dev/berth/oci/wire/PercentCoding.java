package dev.berth.oci.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Percent-encoding of paths and queries (RFC 3986, §2.1).
final class PercentCoding {
  private static final String UNRESERVED_MARKS = "-._~";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();
  private static final int ASCII_END = 0x80;
  private static final int ASCII_DELETE = 0x7f;

  private PercentCoding() {}

  /// Decodes once. Null where an escape is broken, the bytes are no UTF-8, or a control character
  /// (NUL among them) comes out.
  ///
  /// @param plusIsSpace as in queries
  static @Nullable String decode(String text, boolean plusIsSpace) {
    boolean plain = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == ASCII_DELETE) {
        return null;
      }
      plain &= c != '%' && c != '+' && c < ASCII_END;
    }
    return plain ? text : decodeEscapes(text, plusIsSpace);
  }

  private static @Nullable String decodeEscapes(String text, boolean plusIsSpace) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ASCII_END) {
        return null;
      }
      int b = c;
      if (c == '+' && plusIsSpace) {
        b = ' ';
      } else if (c == '%') {
        b = escaped(text, i);
        i += 2;
      }
      if (b < ' ' || b == ASCII_DELETE) {
        return null;
      }
      bytes.write(b);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /// The byte of the escape at `at`, or -1.
  private static int escaped(String text, int at) {
    if (at + 2 >= text.length()) {
      return -1;
    }
    char high = text.charAt(at + 1);
    char low = text.charAt(at + 2);
    return HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigit(high) << 4 | HexFormat.fromHexDigit(low)
        : -1;
  }

  /// Encodes a query value: everything but letters, digits and `-._~` becomes an escape.
  static String encode(String text) {
    var out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || UNRESERVED_MARKS.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX[c >> 4]).append(HEX[c & 0xf]);
      }
    }
    return out.toString();
  }
}
