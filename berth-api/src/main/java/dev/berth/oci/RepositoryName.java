package dev.berth.oci;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of a repository, for example `team/app`: path components of lower-case letters and
/// digits, joined inside by one of `.`, `_`, `__` or dashes, at most 255 characters in all
/// (distribution-spec, "Pulling manifests"). No component can start with `_`, so names never meet
/// the store's own folders.
public record RepositoryName(String value) implements Comparable<RepositoryName> {
  /// The longest name in characters, slashes included; the limit of registry 2.8.2.
  public static final int MAX_LENGTH = 255;

  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]++(?:(?:\\.|_|__|-++)[a-z0-9]++)*+");

  public RepositoryName {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "not a repository name: lower-case letters, digits, separators . _ - and /, at most "
              + MAX_LENGTH
              + " characters");
    }
  }

  /// The repository with this name; empty if the grammar does not allow it.
  public static Optional<RepositoryName> tryParse(String text) {
    return isValid(text) ? Optional.of(new RepositoryName(text)) : Optional.empty();
  }

  @Override
  public int compareTo(RepositoryName other) {
    return compare(value, other.value);
  }

  /// Depth first, with `/` before every other character: the order of registry 2.8.2's catalog.
  /// Takes any text, because a page may begin after a name that is none.
  public static int compare(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char mine = left.charAt(i);
      char theirs = right.charAt(i);
      if (mine != theirs) {
        return mine == '/' ? -1 : theirs == '/' ? 1 : Character.compare(mine, theirs);
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return false;
    }
    int from = 0;
    while (from <= text.length()) {
      int slash = text.indexOf('/', from);
      int to = slash < 0 ? text.length() : slash;
      if (!COMPONENT.matcher(text).region(from, to).matches()) {
        return false;
      }
      from = to + 1;
    }
    return true;
  }
}
