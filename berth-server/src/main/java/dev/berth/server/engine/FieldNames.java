package dev.berth.server.engine;

import io.netty.util.AsciiString;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Names of fields that most answers have, in the form that Netty checks, hashes and writes
/// fastest.
final class FieldNames {
  private static final Map<String, CharSequence> KNOWN =
      Stream.of(
              "Accept-Ranges",
              "Cache-Control",
              "Content-Type",
              "Docker-Content-Digest",
              "Docker-Distribution-API-Version",
              "Docker-Upload-UUID",
              "ETag",
              "Location",
              "Range",
              "X-Content-Type-Options")
          .collect(Collectors.toUnmodifiableMap(Function.identity(), AsciiString::cached));

  private static final Map<String, AsciiString> LOWER =
      Stream.concat(
              KNOWN.keySet().stream(),
              Stream.of(
                  "Accept",
                  "Authorization",
                  "Content-Length",
                  "Content-Range",
                  "Host",
                  "If-None-Match",
                  "Retry-After",
                  "User-Agent",
                  "WWW-Authenticate"))
          .collect(
              Collectors.toUnmodifiableMap(
                  Function.identity(), name -> AsciiString.cached(name).toLowerCase()));

  private FieldNames() {}

  /// As HTTP/2 has it: in small letters.
  static AsciiString lower(String name) {
    AsciiString known = LOWER.get(name);
    return known == null ? AsciiString.of(name).toLowerCase() : known;
  }

  /// The same name.
  static CharSequence of(String name) {
    return KNOWN.getOrDefault(name, name);
  }
}
