package dev.berth.server.token;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.Set;

/// Decides whether a token is good, by nothing but itself, the trusted keys and the time.
final class TokenVerifier {
  /// Two to three times what services give for many repositories with a chain of certificates.
  static final int MOST_CHARACTERS = 16 << 10;

  private final Set<String> algorithms;
  private final ClaimsReader reader;

  TokenVerifier(TokenSettings settings) {
    this.algorithms = Set.copyOf(settings.algorithms());
    this.reader = new ClaimsReader(settings.issuer(), settings.service());
  }

  /// What the token says.
  ///
  /// @throws InvalidToken it is not good; says why
  Claims verify(String token, TrustedKeys keys, Instant now) throws InvalidToken {
    if (token.length() > MOST_CHARACTERS) {
      throw new InvalidToken("it is longer than " + MOST_CHARACTERS + " characters");
    }
    SignedJWT parsed = parse(token);
    if (!algorithms.contains(parsed.getHeader().getAlgorithm().getName())) {
      throw new InvalidToken("its algorithm is not allowed");
    }
    PublicKey key = keys.find(parsed.getHeader(), now);
    Signatures.check(parsed, key);
    Claims claims = reader.read(claims(parsed));
    claims.checkTime(now);
    return claims;
  }

  /// The text is a stranger's: whatever the library makes of it, it is no fault of the server.
  private static SignedJWT parse(String token) throws InvalidToken {
    try {
      return SignedJWT.parse(token);
    } catch (ParseException | RuntimeException e) {
      throw new InvalidToken("it is no signed token", e);
    }
  }

  private static JWTClaimsSet claims(SignedJWT token) throws InvalidToken {
    try {
      JWTClaimsSet claims = token.getJWTClaimsSet();
      if (claims != null) {
        return claims;
      }
    } catch (ParseException | RuntimeException e) {
      throw new InvalidToken("what it says cannot be read", e);
    }
    throw new InvalidToken("it says nothing");
  }
}
