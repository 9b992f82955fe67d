package dev.berth.server.http;

import java.util.Optional;

/// The `Range` of a read (RFC 9110, §14.2), as far as it is served: one range of bytes.
sealed interface ByteRange {
  /// Everything: no range, another unit than bytes, or several ranges.
  record Whole() implements ByteRange {}

  /// Bytes `first` to `first + length - 1`, inside of the content; `length` is 1 or more.
  record Part(long first, long length) implements ByteRange {}

  /// A range that is outside of the content or no range at all: 416, as registry 2.8.2 answers
  /// both.
  record Outside() implements ByteRange {}

  /// Reads the field for content of `size` bytes. Empty content has no parts: it is always whole,
  /// so that clients that send `bytes=0-` with every request can read it.
  static ByteRange of(Optional<String> field, long size) {
    if (field.isEmpty() || size == 0) {
      return new Whole();
    }
    String text = field.get().strip();
    if (!text.regionMatches(true, 0, "bytes=", 0, "bytes=".length()) || text.indexOf(',') >= 0) {
      return new Whole();
    }
    String range = text.substring("bytes=".length()).strip();
    int dash = range.indexOf('-');
    if (dash < 0) {
      return new Outside();
    }
    String left = range.substring(0, dash).strip();
    String right = range.substring(dash + 1).strip();
    return left.isEmpty() ? suffix(right, size) : between(left, right, size);
  }

  private static ByteRange suffix(String text, long size) {
    long length = Math.min(Decimal.parse(text), size);
    return length < 1 ? new Outside() : new Part(size - length, length);
  }

  private static ByteRange between(String left, String right, long size) {
    long first = Decimal.parse(left);
    long last = right.isEmpty() ? size - 1 : Decimal.parse(right);
    return first < 0 || last < first || first >= size
        ? new Outside()
        : new Part(first, Math.min(last, size - 1) - first + 1);
  }
}
