package dev.berth.oci;

import java.util.Optional;

/// A movable name of a manifest: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}` (distribution-spec, "Pulling
/// manifests").
public record Tag(String value) implements Reference, Comparable<Tag> {
  private static final int MAX_LENGTH = 128;

  public Tag {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a tag: 1 to 128 of a-z A-Z 0-9 _ . -");
    }
  }

  /// The tag with this name; empty if the grammar does not allow it.
  public static Optional<Tag> tryParse(String text) {
    return isValid(text) ? Optional.of(new Tag(text)) : Optional.empty();
  }

  /// Byte order, the "lexical order" in which the specification wants tags listed.
  @Override
  public int compareTo(Tag other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || !isWord(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isWord(c) && c != '.' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
}
