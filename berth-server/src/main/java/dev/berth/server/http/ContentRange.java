package dev.berth.server.http;

import org.jspecify.annotations.Nullable;

/// The `Content-Range` of a chunk: `0-99` as the specification has it (end-5), or `bytes 0-99/*` as
/// RFC 9110 does.
///
/// @param first offset of the first byte
/// @param last offset of the last byte, no less than `first`
record ContentRange(long first, long last) {

  /// Reads the field; null where it is no range.
  static @Nullable ContentRange parse(String field) {
    String text = field.strip();
    if (text.regionMatches(true, 0, "bytes", 0, "bytes".length())) {
      text = text.substring("bytes".length());
      text = text.startsWith("=") ? text.substring(1) : text.strip();
    }
    int slash = text.indexOf('/');
    String range = slash < 0 ? text : text.substring(0, slash);
    int dash = range.indexOf('-');
    if (dash < 0) {
      return null;
    }
    long first = Decimal.parse(range.substring(0, dash).strip());
    long last = Decimal.parse(range.substring(dash + 1).strip());
    return first < 0 || last < first ? null : new ContentRange(first, last);
  }

  /// How many bytes it spans, 1 or more.
  long length() {
    return last - first + 1;
  }

  /// The `Range` of an answer about an upload that holds `size` bytes. For none it is `0-0`, as in
  /// registry 2.8.2, and so the same as for one.
  static String held(long size) {
    return "0-" + Math.max(size - 1, 0);
  }
}
