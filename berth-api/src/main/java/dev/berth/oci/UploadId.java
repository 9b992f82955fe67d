package dev.berth.oci;

import java.util.Optional;
import java.util.regex.Pattern;

/// The name of an upload session. Berth makes UUIDs; sessions that another registry began may have
/// any name of letters, digits, `-`, `_`, `=` and inner dots, at most 128 characters. It is a safe
/// file name.
public record UploadId(String value) {
  private static final Pattern GRAMMAR = Pattern.compile("[a-zA-Z0-9_=-][a-zA-Z0-9_.=-]{0,127}");

  public UploadId {
    if (!GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException("not an upload id");
    }
  }

  /// The id with this text; empty if the grammar does not allow it.
  public static Optional<UploadId> tryParse(String text) {
    return GRAMMAR.matcher(text).matches() ? Optional.of(new UploadId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
