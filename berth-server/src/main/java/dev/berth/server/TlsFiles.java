package dev.berth.server;

import dev.berth.config.TlsConfig;
import dev.berth.config.TlsVersion;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.engine.TlsSettings;
import dev.berth.server.reload.Reload;
import dev.berth.server.reload.UnusableFile;
import dev.berth.server.reload.WatchedFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The files of a listener with TLS. Tools that renew certificates write them anew; where they
/// cannot be used then, the certificate of before still holds.
final class TlsFiles {
  private static final Logger LOG = System.getLogger(TlsFiles.class.getName());
  private static final int MAX_BYTES = 1 << 20;
  private static final WatchedFiles.Kind KIND =
      new WatchedFiles.Kind(
          "certificate",
          MAX_BYTES,
          "larger than 1 MiB; that is no file of certificates",
          "no such file");

  private final TlsConfig config;

  /// Said once, however often a file that is refused is looked at. One thread looks at a time.
  private final Set<String> told = new HashSet<>();

  private final InstantSource clock;
  private final WatchedFiles<Held> files;

  /// @param end when the first of the certificates that clients are shown ends
  private record Held(TlsSettings settings, Instant end) {}

  /// @throws UnusableFile a file cannot be read, or is none; says which, and what to do
  TlsFiles(TlsConfig config, InstantSource clock, Reload reload) {
    this.config = config;
    this.clock = clock;
    List<Path> paths = new ArrayList<>(List.of(config.certificate(), config.key()));
    paths.addAll(config.clientCas());
    this.files = new WatchedFiles<>(paths, KIND, this::parse, reload);
  }

  /// What the files hold.
  TlsSettings settings() {
    return files.value().settings();
  }

  /// When the first of the certificates that clients are shown ends.
  Instant end() {
    return files.value().end();
  }

  /// Gives the engine what changed.
  void renew(HttpEngine engine) {
    files.renew(held -> hand(held, engine));
  }

  private static void hand(Held held, HttpEngine engine) {
    try {
      engine.renew(held.settings());
    } catch (IOException e) {
      throw new UnusableFile(String.valueOf(e.getMessage()), e);
    }
  }

  private Held parse(List<byte[]> read) {
    Instant end = certificates(config.certificate(), read.get(0), "clients will refuse it");
    for (int i = 0; i < config.clientCas().size(); i++) {
      certificates(
          config.clientCas().get(i), read.get(i + 2), "clients whom it vouches for are refused");
    }
    List<String> versions =
        config.minimum() == TlsVersion.V1_3 ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2");
    return new Held(
        new TlsSettings(
            read.get(0),
            read.get(1),
            read.subList(2, read.size()),
            versions,
            config.cipherSuites(),
            config.http2()),
        end);
  }

  /// Looks at a file of certificates; gives when the first of them ends.
  ///
  /// @param consequence of one that ended
  private Instant certificates(Path path, byte[] pem, String consequence) {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (all.isEmpty()) {
        throw new UnusableFile(path + ": holds no certificate; give a PEM file");
      }
      Instant now = clock.instant();
      Instant first = Instant.MAX;
      for (Certificate each : all) {
        Instant ends =
            each instanceof X509Certificate x509 ? x509.getNotAfter().toInstant() : Instant.MAX;
        first = ends.isBefore(first) ? ends : first;
        if (ends.isBefore(now) && told.add(path + " " + ends)) {
          LOG.log(Level.WARNING, "{0}: a certificate ended {1}: {2}", path, ends, consequence);
        }
      }
      return first;
    } catch (CertificateException e) {
      throw new UnusableFile(path + ": is no PEM file of certificates: " + e.getMessage(), e);
    }
  }
}
