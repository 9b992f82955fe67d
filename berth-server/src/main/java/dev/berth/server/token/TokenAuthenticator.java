package dev.berth.server.token;

import dev.berth.oci.wire.OciRequest;
import dev.berth.server.auth.Access;
import dev.berth.server.auth.Authenticator;
import dev.berth.server.auth.BearerChallenge;
import dev.berth.server.auth.BearerChallenge.Fault;
import dev.berth.server.auth.Caller;
import dev.berth.server.auth.Decision;
import dev.berth.server.auth.Need;
import dev.berth.server.auth.Sight;
import dev.berth.server.reload.Reload;
import dev.berth.server.reload.WatchedFiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Knows callers by tokens that somebody else gave them and signed, as `auth.token` of registry
/// 2.8.2 and of its successor. A token says itself what its bearer may do.
///
/// Only signatures of which everybody may know one half are taken, by the keys of the configured
/// files or by those that the certificates there vouch for. Who is refused is told no more than
/// 2.8.2 tells; the log has the reason at level debug.
public final class TokenAuthenticator implements Authenticator {
  private static final Logger LOG = System.getLogger(TokenAuthenticator.class.getName());
  private static final int MAX_BYTES = 1 << 20;
  private static final WatchedFiles.Kind KEYS =
      new WatchedFiles.Kind(
          "keys of tokens",
          MAX_BYTES,
          "larger than 1 MiB; that is no file of keys",
          "no such file");
  private static final String SCHEME = "bearer ";

  private final TokenSettings settings;
  private final WatchedFiles<TrustedKeys> keys;
  private final TokenVerifier verifier;
  private final VerifiedTokens verified;
  private final InstantSource clock;

  /// @param reload is told what becomes of the files of keys
  /// @throws dev.berth.server.reload.UnusableFile a file of keys is missing or cannot be read
  public TokenAuthenticator(
      TokenSettings settings, InstantSource clock, SecureRandom random, Reload reload) {
    this.settings = settings;
    List<Path> files =
        Stream.of(settings.certificates(), settings.keys()).flatMap(Optional::stream).toList();
    this.keys = new WatchedFiles<>(files, KEYS, this::trusted, reload);
    this.verifier = new TokenVerifier(settings);
    this.verified = new VerifiedTokens(random);
    this.clock = clock;
  }

  private TrustedKeys trusted(List<byte[]> files) {
    List<X509Certificate> roots =
        settings
            .certificates()
            .map(path -> KeyFiles.certificates(path, files.getFirst()))
            .orElse(List.of());
    Map<String, PublicKey> byId =
        settings.keys().map(path -> KeyFiles.keys(path, files.getLast())).orElse(Map.of());
    return new TrustedKeys(roots, byId);
  }

  @Override
  public Decision decide(Optional<String> authorization, String client, OciRequest request) {
    List<Need> needs = Access.of(request);
    Optional<String> token = authorization.flatMap(TokenAuthenticator::token);
    if (token.isEmpty()) {
      return challenge(needs, Fault.MISSING);
    }
    try {
      Claims claims = claims(token.get());
      return claims.allows(needs)
          ? new Decision.Granted(Caller.named(claims.subject()), sight(request))
          : challenge(needs, Fault.INSUFFICIENT);
    } catch (InvalidToken e) {
      LOG.log(Level.DEBUG, "token refused: {0}", e.getMessage());
      return challenge(needs, Fault.INVALID);
    }
  }

  /// A token names repositories; who has one for the catalog sees all of it.
  private static Sight sight(OciRequest request) {
    return request instanceof OciRequest.Catalog ? Sight.ALL : Sight.AS_ASKED;
  }

  @Override
  public void refresh() {
    keys.renew();
  }

  private Claims claims(String token) throws InvalidToken {
    TrustedKeys trusted = keys.value();
    Instant now = clock.instant();
    Optional<Claims> known = verified.find(token, trusted);
    if (known.isPresent()) {
      known.get().checkTime(now);
      return known.get();
    }
    Claims claims = verifier.verify(token, trusted, now);
    verified.add(token, trusted, claims);
    return claims;
  }

  /// As registry 2.8.2 reads the field: two words with one blank between them.
  private static Optional<String> token(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String token = authorization.substring(SCHEME.length());
    return token.indexOf(' ') < 0 ? Optional.of(token) : Optional.empty();
  }

  private Decision challenge(List<Need> needs, Fault fault) {
    return new Decision.TokenNeeded(
        new BearerChallenge(
            settings.realm(), settings.redirectPath(), settings.service(), needs, fault));
  }
}
