package dev.berth.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// A password's hash by argon2id (RFC 9106), as the reference implementation writes it. How much it
/// costs stands in it, so there are bounds: a line in a file must not eat the heap.
///
/// @param kibibytes memory that one check takes
/// @param rounds over that memory
/// @param lanes into which it is divided
record Argon2Hash(int kibibytes, int rounds, int lanes, byte[] salt, byte[] hash) {
  static final String PREFIX = "$argon2id$";

  /// What OWASP asks for at least.
  private static final int NEW_KIBIBYTES = 19_456;

  private static final int NEW_ROUNDS = 2;
  private static final int NEW_SALT_BYTES = 16;
  private static final int NEW_HASH_BYTES = 32;

  private static final int MOST_KIBIBYTES = 65_536;
  private static final int HEAP_SHARE = 4;
  private static final int MOST_ROUNDS = 16;
  private static final int MOST_LANES = 8;
  private static final int KIBIBYTES_PER_LANE = 8;

  /// Kibibytes times rounds: about a second.
  private static final int MOST_WORK = 262_144;

  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([1-9][0-9]{0,5}),t=([1-9][0-9]?),p=([1-9])"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  /// What a text holds; empty for what is no such hash, or costs too much here.
  static Optional<Argon2Hash> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      var hash =
          new Argon2Hash(
              Integer.parseInt(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3)),
              Base64.getDecoder().decode(matcher.group(4)),
              Base64.getDecoder().decode(matcher.group(5)));
      return Optional.of(hash).filter(Argon2Hash::isBounded);
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  /// The most memory that a check may take here.
  static int mostKibibytes() {
    return (int) Math.min(MOST_KIBIBYTES, (Runtime.getRuntime().maxMemory() >> 10) / HEAP_SHARE);
  }

  private boolean isBounded() {
    return kibibytes <= mostKibibytes()
        && kibibytes >= KIBIBYTES_PER_LANE * lanes
        && rounds <= MOST_ROUNDS
        && lanes <= MOST_LANES
        && (long) kibibytes * rounds <= MOST_WORK;
  }

  /// A hash of a password with a salt of its own.
  static Argon2Hash of(String password, SecureRandom random) {
    byte[] salt = new byte[NEW_SALT_BYTES];
    random.nextBytes(salt);
    var empty = new Argon2Hash(NEW_KIBIBYTES, NEW_ROUNDS, 1, salt, new byte[NEW_HASH_BYTES]);
    return new Argon2Hash(NEW_KIBIBYTES, NEW_ROUNDS, 1, salt, empty.compute(password));
  }

  boolean matches(String password) {
    return MessageDigest.isEqual(compute(password), hash);
  }

  /// As costly, and of nothing that anybody knows.
  Argon2Hash dummy() {
    return new Argon2Hash(kibibytes, rounds, lanes, salt, new byte[hash.length]);
  }

  private byte[] compute(String password) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(kibibytes)
            .withIterations(rounds)
            .withParallelism(lanes)
            .withSalt(salt)
            .build());
    byte[] out = new byte[hash.length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), out);
    return out;
  }

  /// As it stands in a file.
  String text() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "%sv=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            PREFIX,
            kibibytes,
            rounds,
            lanes,
            base64.encodeToString(salt),
            base64.encodeToString(hash));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Argon2Hash(int m, int t, int p, byte[] s, byte[] h)
        && m == kibibytes
        && t == rounds
        && p == lanes
        && Arrays.equals(s, salt)
        && MessageDigest.isEqual(h, hash);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(salt);
  }

  @Override
  public String toString() {
    return "Argon2Hash[not shown]";
  }
}
