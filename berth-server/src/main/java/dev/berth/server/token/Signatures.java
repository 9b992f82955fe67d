package dev.berth.server.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;

/// Whether a key has signed a token. The key decides which algorithms can be, never the token.
final class Signatures {
  private Signatures() {}

  /// @throws InvalidToken it has not, or the algorithm is none of this key's
  static void check(SignedJWT token, PublicKey key) throws InvalidToken {
    boolean good;
    try {
      good =
          switch (key) {
            case RSAPublicKey rsa -> isGood(token, new RSASSAVerifier(rsa));
            case ECPublicKey ec -> isGood(token, new ECDSAVerifier(ec));
            case EdECPublicKey ed -> isGood(token, ed);
            default -> throw new InvalidToken("its key is of a kind that signs no tokens");
          };
    } catch (JOSEException | GeneralSecurityException e) {
      throw new InvalidToken("its signature cannot be checked", e);
    }
    if (!good) {
      throw new InvalidToken("its signature is wrong");
    }
  }

  private static boolean isGood(SignedJWT token, JWSVerifier verifier)
      throws JOSEException, InvalidToken {
    if (!verifier.supportedJWSAlgorithms().contains(token.getHeader().getAlgorithm())) {
      throw new InvalidToken("its algorithm is none of its key's");
    }
    return token.verify(verifier);
  }

  /// The library would need another one for this.
  private static boolean isGood(SignedJWT token, EdECPublicKey key)
      throws GeneralSecurityException, InvalidToken {
    boolean ofThisKey =
        token.getHeader().getAlgorithm().equals(JWSAlgorithm.EdDSA)
            && token.getHeader().getCriticalParams() == null;
    if (!ofThisKey) {
      throw new InvalidToken("its algorithm is none of its key's");
    }
    Signature signature = Signature.getInstance("Ed25519");
    signature.initVerify(key);
    signature.update(token.getSigningInput());
    return signature.verify(token.getSignature().decode());
  }
}
