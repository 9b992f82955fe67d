package dev.berth.config.load;

import java.util.Collection;
import java.util.Comparator;

/// Finds what was probably meant.
final class Nearest {
  private Nearest() {}

  /// The one of `known`, which is not empty, that takes the fewest changed letters.
  static String of(String given, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String k) -> distance(given, k)).thenComparing(k -> k))
        .orElseThrow();
  }

  /// As [#of] for whole paths; a key with the right last name in the wrong place is near.
  static String path(String given, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String k) -> pathDistance(given, k)).thenComparing(k -> k))
        .orElseThrow();
  }

  private static int pathDistance(String given, String known) {
    int whole = distance(given, known);
    return known.endsWith("." + given.substring(given.lastIndexOf('.') + 1))
        ? Math.min(whole, 2)
        : whole;
  }

  /// Letters to insert, remove or replace (Levenshtein).
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
