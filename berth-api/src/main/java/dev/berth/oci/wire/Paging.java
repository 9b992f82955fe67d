package dev.berth.oci.wire;

import dev.berth.oci.PageRequest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads `n` and `last`.
final class Paging {
  /// The longest `n` that is shown back to the client.
  private static final int MAX_SHOWN = 32;

  private Paging() {}

  /// The page asked for; empty where `n` is there but no number of 0 or more. A number beyond `int`
  /// means the largest `int`; an empty `n` or `last` means none.
  static Optional<PageRequest> strict(Query query) {
    Optional<String> n = query.first("n").filter(text -> !text.isEmpty());
    if (n.isEmpty()) {
      return Optional.of(new PageRequest(OptionalInt.empty(), last(query)));
    }
    OptionalInt limit = number(n.get());
    return limit.isEmpty() ? Optional.empty() : Optional.of(new PageRequest(limit, last(query)));
  }

  /// As [#strict], but what is no number counts as missing: so registry 2.8.2 reads its catalog's
  /// `n`.
  static PageRequest lenient(Query query) {
    return strict(query).orElseGet(() -> new PageRequest(OptionalInt.empty(), last(query)));
  }

  /// The detail of a refusal: `{"n": "…"}`.
  static Map<String, String> detail(Query query) {
    String n = query.first("n").orElse("");
    return Map.of("n", n.substring(0, Math.min(n.length(), MAX_SHOWN)));
  }

  private static Optional<String> last(Query query) {
    return query.first("last").filter(text -> !text.isEmpty());
  }

  private static OptionalInt number(String text) {
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return OptionalInt.empty();
      }
      value = Math.min(value * 10 + (c - '0'), Integer.MAX_VALUE);
    }
    return OptionalInt.of((int) value);
  }
}
