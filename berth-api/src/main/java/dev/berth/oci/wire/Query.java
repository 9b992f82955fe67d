package dev.berth.oci.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parameters of a query in the order sent, decoded.
///
/// @param pairs names and values by turns
record Query(List<String> pairs) {
  /// More parameters than any request of the protocol has, many tags in one push included.
  static final int MAX_PARAMETERS = 256;

  private static final Query EMPTY = new Query(List.of());

  /// Reads `a=1&b=2`; null where an escape is broken or there are more than [#MAX_PARAMETERS].
  static @Nullable Query parse(String text) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    List<String> pairs = new ArrayList<>();
    int from = 0;
    while (from <= text.length()) {
      int ampersand = text.indexOf('&', from);
      int to = ampersand < 0 ? text.length() : ampersand;
      if (to > from && !add(pairs, text.substring(from, to))) {
        return null;
      }
      from = to + 1;
    }
    return new Query(pairs);
  }

  private static boolean add(List<String> pairs, String pair) {
    int equals = pair.indexOf('=');
    String name = PercentCoding.decode(equals < 0 ? pair : pair.substring(0, equals), true);
    String value = PercentCoding.decode(equals < 0 ? "" : pair.substring(equals + 1), true);
    if (name == null || value == null || pairs.size() >= 2 * MAX_PARAMETERS) {
      return false;
    }
    pairs.add(name);
    pairs.add(value);
    return true;
  }

  /// The first value of this name.
  Optional<String> first(String name) {
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i).equals(name)) {
        return Optional.of(pairs.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /// All values of this name in the order sent.
  List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      if (pairs.get(i).equals(name)) {
        values.add(pairs.get(i + 1));
      }
    }
    return values;
  }
}
