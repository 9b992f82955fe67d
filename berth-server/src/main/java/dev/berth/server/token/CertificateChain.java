package dev.berth.server.token;

import com.nimbusds.jose.util.Base64;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Certificates that a token brings, the one of its key first. Nothing is fetched from anywhere to
/// judge them.
final class CertificateChain {
  /// What tokens bring in practice is one or two.
  static final int MOST_CERTIFICATES = 6;

  private CertificateChain() {}

  /// The key of the first certificate, once one of `roots` vouches for it.
  ///
  /// @throws InvalidToken none does at this time
  static PublicKey verify(List<Base64> chain, List<X509Certificate> roots, Instant now)
      throws InvalidToken {
    if (chain.size() > MOST_CERTIFICATES) {
      throw new InvalidToken("it brings more than " + MOST_CERTIFICATES + " certificates");
    }
    try {
      List<X509Certificate> parsed = parse(chain);
      X509Certificate first = parsed.getFirst();
      if (roots.contains(first)) {
        first.checkValidity(Date.from(now));
      } else {
        check(parsed, roots, now);
      }
      return first.getPublicKey();
    } catch (GeneralSecurityException e) {
      throw new InvalidToken("its certificate is not vouched for", e);
    }
  }

  private static List<X509Certificate> parse(List<Base64> chain) throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> parsed = new ArrayList<>();
    for (Base64 each : chain) {
      parsed.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(each.decode())));
    }
    return parsed;
  }

  private static void check(List<X509Certificate> chain, List<X509Certificate> roots, Instant now)
      throws GeneralSecurityException {
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate root : roots) {
      // The JDK does not ask whether a root is still good.
      if (!now.isBefore(root.getNotBefore().toInstant())
          && !now.isAfter(root.getNotAfter().toInstant())) {
        anchors.add(new TrustAnchor(root, null));
      }
    }
    if (anchors.isEmpty()) {
      throw new GeneralSecurityException("no root is good now");
    }
    X509CertSelector target = new X509CertSelector();
    target.setCertificate(chain.getFirst());
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(now));
    parameters.setMaxPathLength(MOST_CERTIFICATES);
    parameters.addCertStore(
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
    CertPathBuilder.getInstance("PKIX").build(parameters);
  }
}
