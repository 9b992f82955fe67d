package dev.berth.server.log;

import java.util.Map;
import java.util.StringJoiner;

/// `time="…" level=info msg="…" key=value`, as registry 2.8.2 writes it.
final class TextFormat implements LineFormat {
  @Override
  public String line(Map<String, String> facts) {
    StringJoiner line = new StringJoiner(" ");
    facts.forEach((key, value) -> line.add(key + "=" + (isPlain(value) ? value : quoted(value))));
    return line.toString();
  }

  private static boolean isPlain(String value) {
    return value
        .chars()
        .allMatch(
            c ->
                (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._/@^+".indexOf(c) >= 0);
  }

  private static String quoted(String value) {
    return JsonText.quoted(value);
  }
}
