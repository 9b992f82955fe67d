package dev.berth.server.tracing;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What names and values of header fields may be.
final class FieldText {
  private static final String MARKS = "!#$%&'*+-.^_`|~";

  /// The JDK's client refuses the first five; the others are the exporter's.
  private static final Set<String> TAKEN =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "upgrade",
          "content-type",
          "content-encoding",
          "transfer-encoding");

  private FieldText() {}

  static boolean isName(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(FieldText::isNameChar)
        && !TAKEN.contains(text.toLowerCase(Locale.ROOT));
  }

  private static boolean isNameChar(int c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || MARKS.indexOf(c) >= 0;
  }

  /// Visible ASCII, and blanks.
  static boolean isValue(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  /// Takes the `%` escapes out; empty where one is broken.
  static Optional<String> decode(String text) {
    try {
      // The decoder is for forms, where a plus is a blank.
      String form = text.replace("+", "%2B");
      return Optional.of(URLDecoder.decode(form, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
