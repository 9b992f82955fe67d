package dev.berth.server.engine;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a listener with TLS shows, and asks of its clients; all PEM.
///
/// @param clientRoots of the certificates that clients must show; none where they need not
/// @param versions of TLS, by the JDK's names
/// @param cipherSuites by their standard names; empty for the JDK's own choice
/// @param http2 whether clients may choose HTTP/2; cannot be changed while the listener runs
public record TlsSettings(
    byte[] certificates,
    byte[] key,
    List<byte[]> clientRoots,
    List<String> versions,
    List<String> cipherSuites,
    boolean http2) {
  /// Always spoken where TLS 1.3 is: there is no choice among them.
  private static final List<String> SUITES_OF_1_3 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  public TlsSettings {
    clientRoots = List.copyOf(clientRoots);
    versions = List.copyOf(versions);
    cipherSuites = List.copyOf(cipherSuites);
  }

  ServerSSLOptions options() {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setKeyCertOptions(
        new PemKeyCertOptions()
            .addCertValue(Buffer.buffer(certificates))
            .addKeyValue(Buffer.buffer(key)));
    if (!clientRoots.isEmpty()) {
      PemTrustOptions trust = new PemTrustOptions();
      clientRoots.forEach(pem -> trust.addCertValue(Buffer.buffer(pem)));
      options.setTrustOptions(trust);
      options.setClientAuth(ClientAuth.REQUIRED);
    }
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(versions));
    suites().forEach(options::addEnabledCipherSuite);
    // Vert.x would take HTTP/2 connections itself: Alpn offers it without telling.
    options.setUseAlpn(false);
    return options;
  }

  SSLEngineOptions engine() {
    return http2 ? new Alpn() : new JdkSSLEngineOptions();
  }

  /// Why the JDK or the engine refused them, in a few words.
  static String reason(Throwable refusal) {
    Throwable root = refusal;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  private Set<String> suites() {
    Set<String> all = new LinkedHashSet<>(cipherSuites);
    if (!cipherSuites.isEmpty()) {
      all.addAll(SUITES_OF_1_3);
    }
    return all;
  }
}
