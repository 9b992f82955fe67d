package dev.berth.server.token;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what a token says once its signature is known to be good.
final class ClaimsReader {
  private final String issuer;
  private final String service;

  ClaimsReader(String issuer, String service) {
    this.issuer = issuer;
    this.service = service;
  }

  /// @throws InvalidToken it is from somebody else, for somebody else, or not as tokens are
  Claims read(JWTClaimsSet claims) throws InvalidToken {
    if (!issuer.equals(claims.getIssuer())) {
      throw new InvalidToken("it is from another issuer");
    }
    if (!claims.getAudience().contains(service)) {
      throw new InvalidToken("it is for another service");
    }
    Date expires = claims.getExpirationTime();
    if (expires == null) {
      throw new InvalidToken("it never expires");
    }
    Instant notBefore =
        Optional.ofNullable(claims.getNotBeforeTime()).map(Date::toInstant).orElse(Instant.EPOCH);
    String subject = Optional.ofNullable(claims.getSubject()).orElse("");
    try {
      return new Claims(
          subject, notBefore, expires.toInstant(), actions(claims.getClaim("access")));
    } catch (ParseException e) {
      throw new InvalidToken("its list of rights cannot be read", e);
    }
  }

  private static Map<Claims.Resource, Set<String>> actions(@Nullable Object access)
      throws ParseException {
    Map<Claims.Resource, Set<String>> actions = new HashMap<>();
    for (Object entry : list(access)) {
      if (!(entry instanceof Map<?, ?> map)) {
        throw new ParseException("no object", 0);
      }
      var resource = new Claims.Resource(text(map.get("type")), text(map.get("name")));
      Set<String> allowed = actions.computeIfAbsent(resource, _ -> new HashSet<>());
      for (Object action : list(map.get("actions"))) {
        allowed.add(text(action));
      }
    }
    return actions;
  }

  private static List<?> list(@Nullable Object value) throws ParseException {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new ParseException("no list", 0);
  }

  private static String text(@Nullable Object value) throws ParseException {
    if (value instanceof String text) {
      return text;
    }
    throw new ParseException("no text", 0);
  }
}
