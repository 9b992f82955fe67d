package dev.berth.server.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// The names under which tokens speak of a key (`kid`), and the key of a JSON Web Key.
final class KeyIds {
  /// What stands before the 32 bytes of an Ed25519 key in its encoding (RFC 8410, §4).
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BASE32_BITS = 5;

  /// A fingerprint of libtrust is the first 240 bits of a SHA-256, in twelve groups of four.
  private static final int FINGERPRINT_BYTES = 30;

  private static final int FINGERPRINT_GROUP = 4;

  private KeyIds() {}

  /// The fingerprint that registry 2.8.2 takes, and the thumbprint of RFC 7638 that its successor
  /// does; nothing for keys of other kinds.
  static List<String> of(PublicKey key) {
    try {
      JWK jwk =
          switch (key) {
            case RSAPublicKey rsa -> new RSAKey.Builder(rsa).build();
            case ECPublicKey ec ->
                new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
            case EdECPublicKey ed -> new OctetKeyPair.Builder(Curve.Ed25519, bytes(ed)).build();
            default -> null;
          };
      return jwk == null
          ? List.of()
          : List.of(fingerprint(key), jwk.computeThumbprint().toString());
    } catch (JOSEException | IllegalArgumentException unknownCurve) {
      return List.of();
    }
  }

  /// The public half of a key.
  ///
  /// @throws GeneralSecurityException it has none, or is of a kind that signs nothing here
  static PublicKey publicKey(JWK jwk) throws GeneralSecurityException {
    try {
      return switch (jwk) {
        case RSAKey rsa -> rsa.toRSAPublicKey();
        case ECKey ec -> ec.toECPublicKey();
        case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) -> ed25519(pair);
        default -> throw new GeneralSecurityException("no key of a kind that signs tokens");
      };
    } catch (JOSEException e) {
      throw new GeneralSecurityException("no usable key", e);
    }
  }

  private static PublicKey ed25519(OctetKeyPair pair) throws GeneralSecurityException {
    byte[] x = pair.getX().decode();
    byte[] encoded = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + x.length);
    System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static Base64URL bytes(EdECPublicKey key) {
    byte[] encoded = key.getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(encoded, ED25519_PREFIX.length, encoded.length));
  }

  static String fingerprint(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      String text = base32(Arrays.copyOf(hash, FINGERPRINT_BYTES));
      List<String> groups = new ArrayList<>();
      for (int i = 0; i < text.length(); i += FINGERPRINT_GROUP) {
        groups.add(text.substring(i, i + FINGERPRINT_GROUP));
      }
      return String.join(":", groups);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Of a number of bytes that needs no padding.
  private static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int bits = 0;
    int held = 0;
    for (byte next : bytes) {
      bits = (bits << Byte.SIZE) | (next & 0xff);
      held += Byte.SIZE;
      while (held >= BASE32_BITS) {
        held -= BASE32_BITS;
        text.append(BASE32.charAt((bits >> held) & (BASE32.length() - 1)));
      }
    }
    return text.toString();
  }
}
