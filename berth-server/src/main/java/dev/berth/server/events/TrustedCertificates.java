package dev.berth.server.events;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whom endpoints with https are trusted by: the authorities of the operating system, where an
/// operator adds those of the house, and those of the JDK.
final class TrustedCertificates {
  /// Of Debian and Alpine, and of Fedora and its kin.
  static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"));

  private TrustedCertificates() {}

  /// @param bundles PEM files; the first that is there counts
  /// @throws IOException the file cannot be read as certificates
  static SSLContext context(List<Path> bundles) throws IOException {
    try {
      KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
      all.load(null, null);
      int count = 0;
      for (TrustManager manager : managers(null)) {
        if (manager instanceof X509TrustManager x509) {
          for (X509Certificate authority : x509.getAcceptedIssuers()) {
            all.setCertificateEntry("jdk-" + count++, authority);
          }
        }
      }
      for (Certificate authority : read(bundles)) {
        all.setCertificateEntry("system-" + count++, authority);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers(all), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read the system's certificates: " + e.getMessage(), e);
    }
  }

  private static Iterable<? extends Certificate> read(List<Path> bundles)
      throws IOException, GeneralSecurityException {
    for (Path bundle : bundles) {
      if (Files.isReadable(bundle)) {
        try (InputStream in = Files.newInputStream(bundle)) {
          return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
      }
    }
    return List.of();
  }

  private static TrustManager[] managers(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
