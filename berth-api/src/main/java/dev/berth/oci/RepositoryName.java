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

  /// Depth first, with `/` before every other character: the order of registry 2.8.2's catalog.
  @Override
  public int compareTo(RepositoryName other) {
    int shared = Math.min(value.length(), other.value.length());
    for (int i = 0; i < shared; i++) {
      char mine = value.charAt(i);
      char theirs = other.value.charAt(i);
      if (mine != theirs) {
        return mine == '/' ? -1 : theirs == '/' ? 1 : Character.compare(mine, theirs);
      }
    }
    return Integer.compare(value.length(), other.value.length());
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
