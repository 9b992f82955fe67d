package dev.berth.server.doctor;

import dev.berth.config.TlsConfig;
import dev.berth.server.engine.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.InstantSource;
import java.util.List;

/// The files of `http.tls`, as the server would take them.
final class TlsFilesCheck implements Check {
  private static final int MAX_BYTES = 1 << 20;

  private final TlsConfig config;
  private final List<String> hosts;
  private final InstantSource clock;

  /// @param hosts names that clients come by, as far as they are known
  TlsFilesCheck(TlsConfig config, List<String> hosts, InstantSource clock) {
    this.config = config;
    this.hosts = List.copyOf(hosts);
    this.clock = clock;
  }

  @Override
  public void look(Findings findings) throws IOException {
    byte[] certificate = read(config.certificate());
    byte[] key = read(config.key());
    try {
      ShownCertificates shown = ShownCertificates.parse(certificate);
      shown.times(
          clock.instant(),
          "renew it and write it to " + config.certificate() + ": it is read again by itself",
          findings);
      shown.order(config.certificate().toString(), findings);
      hosts.forEach(host -> shown.names(host, findings));
    } catch (CertificateException e) {
      findings.fail(
          config.certificate() + ": " + Reason.of(e), "give a PEM file in http.tls.certificate");
      return;
    }
    try {
      new TlsSettings(certificate, key, List.of(), List.of(), List.of(), false).check();
      findings.ok("the key in " + config.key() + " belongs to the certificate");
    } catch (GeneralSecurityException e) {
      findings.fail(config.key() + ": " + Reason.of(e), "the server does not start with it");
    }
  }

  private static byte[] read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    }
  }
}
