package dev.berth.server.http;

/// Whole numbers in header fields.
final class Decimal {
  private static final int MAX_DIGITS = 18;

  private Decimal() {}

  /// The number; -1 where the text is none of 0 or more, or longer than 18 digits.
  static long parse(String text) {
    if (text.isEmpty() || text.length() > MAX_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
