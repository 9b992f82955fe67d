package dev.berth.server.http;

import dev.berth.server.engine.RequestHead;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/// Names for requests, by which an answer is found again in the logs, the events and those of a
/// proxy in front. A client's or proxy's `X-Request-Id` is kept where it is a plain word; anybody
/// can send one, so that it proves nothing. Safe for use by many threads.
final class RequestIds {
  /// The field of request and answer.
  static final String FIELD = "X-Request-Id";

  private static final int MAX_LENGTH = 128;
  private static final String MARKS = "-._:+=";

  private final String prefix;
  private final AtomicLong count = new AtomicLong();

  /// @param seed tells this process's names from those of others
  RequestIds(long seed) {
    this.prefix = HexFormat.of().toHexDigits(seed) + "-";
  }

  /// The name of a request.
  String of(RequestHead head) {
    String given = head.headers().first(FIELD).orElse("");
    return isPlain(given) ? given : prefix + Long.toHexString(count.incrementAndGet());
  }

  private static boolean isPlain(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && (c < '0' || c > '9') && MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }
}
