package dev.berth.server.engine;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Signature;
import java.security.SignatureException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.X509KeyManager;

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

  /// How a key of each kind signs, to see that two belong together.
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

  public TlsSettings {
    clientRoots = List.copyOf(clientRoots);
    versions = List.copyOf(versions);
    cipherSuites = List.copyOf(cipherSuites);
  }

  private PemKeyCertOptions pair() {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(certificates))
        .addKeyValue(Buffer.buffer(key));
  }

  ServerSSLOptions options() {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setKeyCertOptions(pair());
    if (!clientRoots.isEmpty()) {
      PemTrustOptions trust = new PemTrustOptions();
      clientRoots.forEach(pem -> trust.addCertValue(Buffer.buffer(pem)));
      options.setTrustOptions(trust);
      options.setClientAuth(ClientAuth.REQUIRED);
    }
    options.setEnabledSecureTransportProtocols(new LinkedHashSet<>(versions));
    suites().forEach(options::addEnabledCipherSuite);
    // Vert.x would take HTTP/2 connections itself: ServerTls offers it without telling.
    options.setUseAlpn(false);
    return options;
  }

  /// As [#check(Vertx)], where no engine runs.
  public void check() throws GeneralSecurityException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    try {
      check(vertx);
    } finally {
      Object _ = vertx.close();
    }
  }

  /// Looks at what a handshake would stumble over.
  ///
  /// @throws GeneralSecurityException the certificates or the key cannot be read, or the key is not
  ///   that of the first certificate; the message is a sentence for the operator
  void check(Vertx vertx) throws GeneralSecurityException {
    X509KeyManager keys = keys(vertx);
    for (Map.Entry<String, String> kind : SIGNATURES.entrySet()) {
      String[] names = keys.getServerAliases(kind.getKey(), null);
      if (names != null && !isPair(keys, names[0], kind.getValue())) {
        throw new GeneralSecurityException(
            "the key in http.tls.key is not that of the certificate; give the one that belongs to the"
                + " first certificate in http.tls.certificate");
      }
    }
  }

  private X509KeyManager keys(Vertx vertx) throws GeneralSecurityException {
    try {
      return (X509KeyManager) pair().getKeyManagerFactory(vertx).getKeyManagers()[0];
    } catch (Exception e) {
      throw new GeneralSecurityException(
          reason(e) + "; http.tls.key takes a PEM file of an RSA or EC key that is not encrypted",
          e);
    }
  }

  /// Whether the certificate verifies what the key signs.
  private static boolean isPair(X509KeyManager keys, String name, String algorithm)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    byte[] text = {1};
    try {
      signature.initSign(keys.getPrivateKey(name));
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(keys.getCertificateChain(name)[0].getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (InvalidKeyException | SignatureException e) {
      return false;
    }
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
