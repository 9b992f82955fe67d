package dev.berth.server.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys that are trusted at one time. What a token says of its key only chooses among them, or
/// among those that they vouch for.
final class TrustedKeys {
  private final List<X509Certificate> roots;
  private final Map<String, PublicKey> byId;

  /// @param named keys under the names that their owner gave them
  TrustedKeys(List<X509Certificate> roots, Map<String, PublicKey> named) {
    this.roots = List.copyOf(roots);
    Map<String, PublicKey> all = new HashMap<>(named);
    named.values().forEach(key -> KeyIds.of(key).forEach(id -> all.putIfAbsent(id, key)));
    for (X509Certificate root : roots) {
      PublicKey key = root.getPublicKey();
      KeyIds.of(key).forEach(id -> all.putIfAbsent(id, key));
    }
    this.byId = Map.copyOf(all);
  }

  /// How many there are, by all their names.
  int size() {
    return byId.size();
  }

  /// The key that must have signed, found as registry 2.8.2 finds it: by `x5c`, else `jwk`, else
  /// `kid`.
  ///
  /// @throws InvalidToken it names none that is trusted
  PublicKey find(JWSHeader header, Instant now) throws InvalidToken {
    List<?> chain = header.getX509CertChain();
    if (chain != null && !chain.isEmpty()) {
      return CertificateChain.verify(certificates(chain), roots, now);
    }
    if (header.getJWK() != null) {
      return find(header.getJWK(), now);
    }
    PublicKey key = find(header.getKeyID());
    if (key == null) {
      throw new InvalidToken("it is signed by a key that is not known");
    }
    return key;
  }

  private PublicKey find(JWK jwk, Instant now) throws InvalidToken {
    PublicKey shown;
    try {
      shown = KeyIds.publicKey(jwk);
    } catch (GeneralSecurityException e) {
      throw new InvalidToken("its key is none", e);
    }
    List<Base64> chain = jwk.getX509CertChain();
    if (chain != null && !chain.isEmpty()) {
      PublicKey vouched = CertificateChain.verify(chain, roots, now);
      if (!vouched.equals(shown)) {
        throw new InvalidToken("its certificate is of another key");
      }
      return vouched;
    }
    return KeyIds.of(shown).stream()
        .map(byId::get)
        .filter(shown::equals)
        .findFirst()
        .orElseThrow(() -> new InvalidToken("its key is not known"));
  }

  private @Nullable PublicKey find(@Nullable String id) {
    return id == null ? null : byId.get(id);
  }

  /// The library gives a list of anything.
  private static List<Base64> certificates(List<?> chain) {
    return chain.stream().map(Base64.class::cast).toList();
  }
}
