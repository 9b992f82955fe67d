package dev.berth.server.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.berth.server.reload.UnusableFile;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the files of keys hold. Messages name the file and what to do.
final class KeyFiles {
  /// Other parts of the bundle, such as a key, are passed over as registry 2.8.2 does.
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);

  private KeyFiles() {}

  /// The certificates of a bundle, one at least.
  ///
  /// @throws UnusableFile it holds none, or one that cannot be read
  static List<X509Certificate> certificates(Path path, byte[] pem) {
    List<X509Certificate> all = new ArrayList<>();
    Matcher blocks = CERTIFICATE.matcher(new String(pem, StandardCharsets.ISO_8859_1));
    while (blocks.find()) {
      all.add(certificate(path, blocks.group(), all.size() + 1));
    }
    if (all.isEmpty()) {
      throw new UnusableFile(
          path + ": holds no certificate; give a PEM file with those of the token service");
    }
    return all;
  }

  private static X509Certificate certificate(Path path, String pem, int number) {
    try {
      Certificate parsed =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
      return (X509Certificate) parsed;
    } catch (CertificateException e) {
      throw new UnusableFile(
          path + ": certificate " + number + " cannot be read; take it out or give it anew", e);
    }
  }

  /// The keys of a JSON Web Key Set under their ids; those without one get none of their own.
  ///
  /// @throws UnusableFile it is none, or holds no key that could sign a token
  static Map<String, PublicKey> keys(Path path, byte[] json) {
    Map<String, PublicKey> keys = new HashMap<>();
    try {
      for (JWK jwk : JWKSet.parse(new String(json, StandardCharsets.UTF_8)).getKeys()) {
        // A shared key signs nothing here.
        if (!(jwk instanceof OctetSequenceKey)) {
          PublicKey key = KeyIds.publicKey(jwk);
          keys.put(jwk.getKeyID() == null ? KeyIds.fingerprint(key) : jwk.getKeyID(), key);
        }
      }
    } catch (ParseException | GeneralSecurityException | RuntimeException e) {
      throw new UnusableFile(
          path + ": is no JSON Web Key Set that can be read; give one like {\"keys\": [...]}", e);
    }
    if (keys.isEmpty()) {
      throw new UnusableFile(
          path + ": holds no public key that could sign tokens (RSA, EC or Ed25519); add one");
    }
    return keys;
  }
}
