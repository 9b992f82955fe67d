package dev.berth.oci;

import java.util.Optional;
import java.util.regex.Pattern;

/// A movable name of a manifest: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}` (distribution-spec, "Pulling
/// manifests").
public record Tag(String value) implements Reference, Comparable<Tag> {
  private static final Pattern GRAMMAR = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  public Tag {
    if (!GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException("not a tag: 1 to 128 of a-z A-Z 0-9 _ . -");
    }
  }

  /// The tag with this name; empty if the grammar does not allow it.
  public static Optional<Tag> tryParse(String text) {
    return GRAMMAR.matcher(text).matches() ? Optional.of(new Tag(text)) : Optional.empty();
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
}
