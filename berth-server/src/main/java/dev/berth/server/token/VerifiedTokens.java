package dev.berth.server.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens that were found good, under a keyed hash, so that a push of forty requests pays for one
/// signature. A token is remembered for the keys that it was checked with: others end it at once.
/// Safe for use by many threads.
final class VerifiedTokens {
  /// After this a certificate that the token brought may have ended.
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  private static final long MOST_CHARACTERS = 2 << 20;
  private static final int OVERHEAD = 512;
  private static final String MAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final SecretKeySpec key;
  private final Cache<ByteBuffer, Verified> tokens =
      Caffeine.newBuilder()
          .maximumWeight(MOST_CHARACTERS)
          .weigher((ByteBuffer _, Verified token) -> OVERHEAD + token.length())
          .expireAfterWrite(REMEMBERED)
          .executor(Runnable::run)
          .build();

  private record Verified(Claims claims, TrustedKeys by, int length) {}

  VerifiedTokens(SecureRandom random) {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, MAC);
  }

  Optional<Claims> find(String token, TrustedKeys by) {
    Verified verified = tokens.getIfPresent(hash(token));
    return verified == null || verified.by != by ? Optional.empty() : Optional.of(verified.claims);
  }

  void add(String token, TrustedKeys by, Claims claims) {
    tokens.put(hash(token), new Verified(claims, by, token.length()));
  }

  private ByteBuffer hash(String token) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      return ByteBuffer.wrap(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }
}
