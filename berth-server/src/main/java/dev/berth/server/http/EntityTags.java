package dev.berth.server.http;

import dev.berth.server.engine.HttpHeaders;
import java.util.List;

/// Conditional reads (RFC 9110, §13.1.2). The entity tag of everything is its digest.
final class EntityTags {
  private EntityTags() {}

  /// The `ETag` of content with this digest.
  static String of(String digest) {
    return '"' + digest + '"';
  }

  /// Whether `If-None-Match` names this digest, with quotes or, as old clients write it, without.
  static boolean noneMatchNames(HttpHeaders headers, String digest) {
    List<String> fields = headers.all("If-None-Match");
    for (String field : fields) {
      for (String item : field.split(",", -1)) {
        if (names(item.strip(), digest)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether a range applies: without `If-Range`, or where it names this digest strongly.
  static boolean rangeApplies(HttpHeaders headers, String digest) {
    return headers.first("If-Range").map(field -> field.strip().equals(of(digest))).orElse(true);
  }

  private static boolean names(String item, String digest) {
    if (item.equals("*") || item.equals(digest)) {
      return true;
    }
    String strong = item.startsWith("W/") ? item.substring(2) : item;
    return strong.length() == digest.length() + 2
        && strong.charAt(0) == '"'
        && strong.endsWith("\"")
        && strong.startsWith(digest, 1);
  }
}
