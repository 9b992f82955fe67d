package dev.berth.oci;

import java.util.HexFormat;
import java.util.Optional;

/// The name of content by its hash, written `algorithm:hex` (image-spec, descriptor.md, "Digests").
///
/// @param algorithm a registered algorithm
/// @param hex the hash in lower-case hexadecimal, exactly as long as the algorithm asks for
public record Digest(Algorithm algorithm, String hex) implements Reference {

  /// The registered algorithms; both are served and taken throughout.
  public enum Algorithm {
    SHA256("sha256", "SHA-256", 64),
    SHA512("sha512", "SHA-512", 128);

    private final String prefix;
    private final String jcaName;
    private final int hexLength;

    Algorithm(String prefix, String jcaName, int hexLength) {
      this.prefix = prefix;
      this.jcaName = jcaName;
      this.hexLength = hexLength;
    }

    /// The name in front of the colon, for example `sha256`.
    public String prefix() {
      return prefix;
    }

    /// The name that `MessageDigest.getInstance` takes.
    public String jcaName() {
      return jcaName;
    }

    /// How many hexadecimal characters a hash has.
    public int hexLength() {
      return hexLength;
    }

    /// The algorithm with this prefix, if Berth knows it.
    public static Optional<Algorithm> find(String prefix) {
      return switch (prefix) {
        case "sha256" -> Optional.of(SHA256);
        case "sha512" -> Optional.of(SHA512);
        default -> Optional.empty();
      };
    }
  }

  public Digest {
    if (hex.length() != algorithm.hexLength() || !isLowerHex(hex)) {
      throw new IllegalArgumentException(
          "digest must be " + algorithm.prefix() + ":" + algorithm.hexLength() + " lower-case hex");
    }
  }

  /// Reads `algorithm:hex`.
  ///
  /// @throws IllegalArgumentException if the text is no digest of a known algorithm
  public static Digest parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a sha256 or sha512 digest"));
  }

  /// Reads `algorithm:hex`; empty if the text is no digest of a known algorithm.
  public static Optional<Digest> tryParse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String hex = text.substring(colon + 1);
    return Algorithm.find(text.substring(0, colon))
        .filter(algorithm -> hex.length() == algorithm.hexLength() && isLowerHex(hex))
        .map(algorithm -> new Digest(algorithm, hex));
  }

  /// The digest with this raw hash.
  public static Digest of(Algorithm algorithm, byte[] hash) {
    return new Digest(algorithm, HexFormat.of().formatHex(hash));
  }

  @Override
  public String toString() {
    return algorithm.prefix() + ":" + hex;
  }

  private static boolean isLowerHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }
}
