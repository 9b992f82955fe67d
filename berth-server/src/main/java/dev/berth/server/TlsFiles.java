package dev.berth.server;

import dev.berth.config.TlsConfig;
import dev.berth.config.TlsVersion;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.engine.TlsSettings;
import dev.berth.server.reload.Reload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The files of a listener with TLS, read again when their bytes change: tools that renew
/// certificates write files, and Kubernetes swaps the folder underneath. Where they cannot be used,
/// the [Reload] is told, and the certificate of before still holds. For one thread.
final class TlsFiles {
  private static final Logger LOG = System.getLogger(TlsFiles.class.getName());
  private static final int MAX_BYTES = 1 << 20;

  private final TlsConfig config;
  private final InstantSource clock;
  private final Reload reload;
  private volatile Instant end = Instant.MAX;
  private List<byte[]> bytes = List.of();

  TlsFiles(TlsConfig config, InstantSource clock, Reload reload) {
    this.config = config;
    this.clock = clock;
    this.reload = reload;
  }

  /// What the files hold now.
  ///
  /// @throws IOException a file cannot be read, or is none; says which, and what to do
  TlsSettings read() throws IOException {
    List<byte[]> read = readAll();
    TlsSettings settings = settings(read);
    bytes = read;
    return settings;
  }

  /// Gives the engine what changed since.
  void renew(HttpEngine engine) {
    try {
      List<byte[]> read = readAll();
      if (!same(read, bytes)) {
        engine.renew(settings(read));
        bytes = read;
        LOG.log(Level.INFO, "certificate read again file={0}", config.certificate());
        reload.renewed();
      }
      reload.unchanged();
    } catch (IOException e) {
      reload.broken(String.valueOf(e.getMessage()));
    }
  }

  private List<byte[]> readAll() throws IOException {
    List<byte[]> all = new ArrayList<>();
    all.add(read(config.certificate()));
    all.add(read(config.key()));
    for (Path root : config.clientCas()) {
      all.add(read(root));
    }
    return all;
  }

  private static byte[] read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_BYTES);
    } catch (NoSuchFileException e) {
      throw new IOException(path + ": no such file; name another in http.tls", e);
    } catch (IOException e) {
      throw new IOException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean same(List<byte[]> some, List<byte[]> others) {
    for (int i = 0; i < some.size(); i++) {
      if (others.size() <= i || !Arrays.equals(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private TlsSettings settings(List<byte[]> read) throws IOException {
    Instant first = certificates(config.certificate(), read.get(0));
    for (int i = 0; i < config.clientCas().size(); i++) {
      certificates(config.clientCas().get(i), read.get(i + 2));
    }
    end = first;
    List<String> versions =
        config.minimum() == TlsVersion.V1_3 ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2");
    return new TlsSettings(
        read.get(0),
        read.get(1),
        read.subList(2, read.size()),
        versions,
        config.cipherSuites(),
        config.http2());
  }

  /// When the first of the certificates that clients are shown ends.
  Instant end() {
    return end;
  }

  /// Looks at a file of certificates; gives when the first of them ends.
  private Instant certificates(Path path, byte[] pem) throws IOException {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (all.isEmpty()) {
        throw new IOException(path + ": holds no certificate; give a PEM file");
      }
      Instant now = clock.instant();
      Instant first = Instant.MAX;
      for (Certificate each : all) {
        Instant ends =
            each instanceof X509Certificate x509 ? x509.getNotAfter().toInstant() : Instant.MAX;
        first = ends.isBefore(first) ? ends : first;
        if (ends.isBefore(now)) {
          LOG.log(
              Level.WARNING, "{0}: a certificate ended {1}: clients will refuse it", path, ends);
        }
      }
      return first;
    } catch (CertificateException e) {
      throw new IOException(path + ": is no PEM file of certificates: " + e.getMessage(), e);
    }
  }
}
