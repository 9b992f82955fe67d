package dev.berth.server.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Authorities that servers may have their certificates from.
public final class TrustedCertificates {
  /// Of Debian and Alpine, and of Fedora and its kin.
  private static final List<Path> BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"));

  private static final System.Logger LOG = System.getLogger(TrustedCertificates.class.getName());

  private TrustedCertificates() {}

  /// Those of the PEM files, and no others.
  ///
  /// @throws IOException a file is not there, or holds no certificates; the message names it
  public static TrustManagerFactory of(List<Path> files) throws IOException {
    try {
      KeyStore all = empty();
      for (Path file : files) {
        int number = 0;
        for (Certificate authority : read(file)) {
          all.setCertificateEntry(file + "#" + number++, authority);
        }
        if (number == 0) {
          throw new IOException(file + ": holds no certificate; give a PEM file with one");
        }
      }
      return factory(all);
    } catch (GeneralSecurityException e) {
      throw new IOException("certificates cannot be trusted: " + e.getMessage(), e);
    }
  }

  /// Those of the operating system and of the JDK; of the JDK alone, with a warning, where the
  /// system's cannot be read. Read once, at the first call, which takes some 100 ms.
  public static SSLContext ofSystem() {
    return OfSystem.CONTEXT;
  }

  private static final class OfSystem {
    static final SSLContext CONTEXT = read();

    private static SSLContext read() {
      try {
        return ofSystem(BUNDLES);
      } catch (IOException e) {
        LOG.log(Level.WARNING, e.getMessage() + "; those of the JDK hold");
        try {
          return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException impossible) {
          throw new IllegalStateException("every Java has TLS", impossible);
        }
      }
    }
  }

  /// Those of the operating system, where an operator adds those of the house, and of the JDK.
  ///
  /// @param bundles PEM files; the first that is there counts
  /// @throws IOException the file cannot be read as certificates
  private static SSLContext ofSystem(List<Path> bundles) throws IOException {
    try {
      KeyStore all = empty();
      int count = 0;
      for (TrustManager manager : factory(null).getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          for (X509Certificate authority : x509.getAcceptedIssuers()) {
            all.setCertificateEntry("jdk-" + count++, authority);
          }
        }
      }
      for (Certificate authority : first(bundles)) {
        all.setCertificateEntry("system-" + count++, authority);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory(all).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot read the system's certificates: " + e.getMessage(), e);
    }
  }

  private static Iterable<? extends Certificate> first(List<Path> bundles) throws IOException {
    for (Path bundle : bundles) {
      if (Files.isReadable(bundle)) {
        return read(bundle);
      }
    }
    return List.of();
  }

  private static Iterable<? extends Certificate> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (CertificateException e) {
      throw new IOException(file + ": cannot be read as certificates: " + e.getMessage(), e);
    }
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }
}
