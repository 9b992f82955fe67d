package dev.berth.server.events;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.TreeMap;

/// An event as registry 2.8.2 writes it: the same fields in the same order, without blanks.
final class EventFormat {
  /// RFC 3339 with as many digits of a second as it takes.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendLiteral('Z')
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String source;

  /// @param address of this process, as `name:port`
  /// @param instance a name of this process alone
  EventFormat(String address, String instance) {
    StringBuilder json = new StringBuilder("{\"addr\":");
    GoJson.quote(json, address);
    json.append(",\"instanceID\":");
    GoJson.quote(json, instance);
    source = json.append('}').toString();
  }

  byte[] write(Event event) {
    StringBuilder json = new StringBuilder(1024);
    json.append("{\"id\":\"").append(event.id()).append("\",\"timestamp\":\"");
    TIME.formatTo(event.timestamp(), json);
    json.append("\",\"action\":\"").append(event.action().word).append("\",\"target\":");
    target(json, event.target());
    json.append(",\"request\":");
    request(json, event.request());
    json.append(",\"actor\":{");
    text(json, "name", event.actor());
    json.append("},\"source\":").append(source).append('}');
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void target(StringBuilder json, Event.Target target) {
    json.append('{');
    text(json, "mediaType", target.mediaType());
    number(json, "size", target.size());
    text(json, "digest", target.digest() == null ? "" : target.digest().toString());
    number(json, "length", target.size());
    text(json, "repository", target.repository().value());
    text(json, "fromRepository", target.from() == null ? "" : target.from().value());
    text(json, "url", target.url());
    text(json, "tag", target.tag() == null ? "" : target.tag().value());
    if (!target.references().isEmpty()) {
      name(json, "references");
      json.append('[');
      for (Event.Reference reference : target.references()) {
        if (json.charAt(json.length() - 1) != '[') {
          json.append(',');
        }
        reference(json, reference);
      }
      json.append(']');
    }
    json.append('}');
  }

  private static void reference(StringBuilder json, Event.Reference reference) {
    json.append('{');
    text(json, "mediaType", reference.mediaType());
    number(json, "size", reference.size());
    text(json, "digest", reference.digest());
    if (!reference.urls().isEmpty()) {
      name(json, "urls");
      json.append('[');
      for (String url : reference.urls()) {
        if (json.charAt(json.length() - 1) != '[') {
          json.append(',');
        }
        GoJson.quote(json, url);
      }
      json.append(']');
    }
    if (!reference.annotations().isEmpty()) {
      name(json, "annotations");
      json.append('{');
      new TreeMap<>(reference.annotations())
          .forEach(
              (key, value) -> {
                if (json.charAt(json.length() - 1) != '{') {
                  json.append(',');
                }
                GoJson.quote(json, key);
                json.append(':');
                GoJson.quote(json, value);
              });
      json.append('}');
    }
    json.append('}');
  }

  private static void request(StringBuilder json, Event.Request request) {
    json.append("{\"id\":");
    GoJson.quote(json, request.id());
    json.append(",\"addr\":");
    GoJson.quote(json, request.addr());
    text(json, "host", request.host());
    json.append(",\"method\":");
    GoJson.quote(json, request.method());
    json.append(",\"useragent\":");
    GoJson.quote(json, request.userAgent());
    json.append('}');
  }

  /// Left out where it is empty, as all of these in registry 2.8.2.
  private static void text(StringBuilder json, String name, String value) {
    if (!value.isEmpty()) {
      name(json, name);
      GoJson.quote(json, value);
    }
  }

  private static void number(StringBuilder json, String name, long value) {
    if (value != 0) {
      name(json, name);
      json.append(value);
    }
  }

  private static void name(StringBuilder json, String name) {
    char last = json.charAt(json.length() - 1);
    if (last != '{') {
      json.append(',');
    }
    json.append('"').append(name).append("\":");
  }
}
