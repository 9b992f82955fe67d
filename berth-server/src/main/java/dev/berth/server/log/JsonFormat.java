package dev.berth.server.log;

import java.util.Map;
import java.util.StringJoiner;

/// One JSON object in one line.
final class JsonFormat implements LineFormat {
  @Override
  public String line(Map<String, String> facts) {
    StringJoiner line = new StringJoiner(",", "{", "}");
    facts.forEach((key, value) -> line.add(JsonText.quoted(key) + ":" + JsonText.quoted(value)));
    return line.toString();
  }
}
