package dev.berth.server.log;

import java.util.Map;

/// Writes the facts of one line. Time, level and message are among them.
@FunctionalInterface
interface LineFormat {
  /// The line without its end.
  String line(Map<String, String> facts);
}
