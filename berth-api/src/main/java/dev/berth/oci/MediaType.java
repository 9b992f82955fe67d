package dev.berth.oci;

import java.util.Optional;
import java.util.regex.Pattern;

/// A media type without parameters, for example `application/vnd.oci.image.index.v1+json` (RFC
/// 6838, §4.2).
public record MediaType(String value) {
  // First, because the constants below are checked against it.
  private static final int MAX_LENGTH = 255;
  private static final String NAME = "[a-zA-Z0-9][a-zA-Z0-9!#$&^_.+-]{0,126}";
  private static final Pattern GRAMMAR = Pattern.compile(NAME + "/" + NAME);

  public static final MediaType OCI_MANIFEST =
      new MediaType("application/vnd.oci.image.manifest.v1+json");
  public static final MediaType OCI_INDEX =
      new MediaType("application/vnd.oci.image.index.v1+json");
  public static final MediaType DOCKER_MANIFEST =
      new MediaType("application/vnd.docker.distribution.manifest.v2+json");
  public static final MediaType DOCKER_LIST =
      new MediaType("application/vnd.docker.distribution.manifest.list.v2+json");
  public static final MediaType DOCKER_SCHEMA1 =
      new MediaType("application/vnd.docker.distribution.manifest.v1+json");
  public static final MediaType DOCKER_SCHEMA1_SIGNED =
      new MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws");

  public MediaType {
    if (value.length() > MAX_LENGTH || !GRAMMAR.matcher(value).matches()) {
      throw new IllegalArgumentException("not a media type of the form type/subtype");
    }
  }

  /// Reads a `Content-Type`, dropping parameters; empty if what is left is no media type.
  public static Optional<MediaType> tryParse(String text) {
    int semicolon = text.indexOf(';');
    String bare = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
    return bare.length() <= MAX_LENGTH && GRAMMAR.matcher(bare).matches()
        ? Optional.of(new MediaType(bare))
        : Optional.empty();
  }

  /// Whether registry 2.8.2 can read, and its collector can walk, a manifest of this type.
  public boolean knownToDistribution() {
    return equals(OCI_MANIFEST)
        || equals(OCI_INDEX)
        || equals(DOCKER_MANIFEST)
        || equals(DOCKER_LIST);
  }

  @Override
  public String toString() {
    return value;
  }
}
