package dev.berth.server.engine;

import io.netty.handler.codec.DateFormatter;
import java.util.Date;

/// The text of the `Date` field, made once per second.
final class DateField {
  private record Stamp(long second, String text) {}

  private volatile Stamp stamp = new Stamp(-1, "");

  /// RFC 9110 §5.6.7, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
  // Netty's formatter takes a Date; the JDK's would load locale data at start.
  @SuppressWarnings("JavaUtilDate")
  String now() {
    long second = System.currentTimeMillis() / 1000;
    Stamp latest = stamp;
    if (latest.second != second) {
      latest = new Stamp(second, DateFormatter.format(new Date(second * 1000)));
      stamp = latest;
    }
    return latest.text;
  }
}
