package dev.berth.server.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost` that signs itself, made once by the JDK's `keytool`.
final class TestTls {
  private static final String PASSWORD = "password";
  private static final KeyStore KEYS = keys();

  private TestTls() {}

  private static KeyStore keys() {
    try {
      Path folder = Files.createTempDirectory("berth-tls");
      Path store = folder.resolve("keys.p12");
      String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      int exit =
          new ProcessBuilder(
                  List.of(
                      keytool,
                      "-genkeypair",
                      "-alias",
                      "key",
                      "-keyalg",
                      "EC",
                      "-dname",
                      "CN=localhost",
                      "-ext",
                      "san=dns:localhost,ip:127.0.0.1",
                      "-storetype",
                      "PKCS12",
                      "-keystore",
                      store.toString(),
                      "-storepass",
                      PASSWORD))
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("keytool failed: " + exit);
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      Files.delete(store);
      Files.delete(folder);
      return keys;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// For a listener that asks no certificates of its clients.
  static TlsSettings settings(boolean http2) {
    try {
      Certificate certificate = KEYS.getCertificate("key");
      Key key = Objects.requireNonNull(KEYS.getKey("key", PASSWORD.toCharArray()));
      return new TlsSettings(
          pem("CERTIFICATE", certificate.getEncoded()),
          pem("PRIVATE KEY", key.getEncoded()),
          List.of(),
          List.of("TLSv1.3", "TLSv1.2"),
          List.of(),
          http2);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  static byte[] pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, text)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /// For a client that trusts the certificate.
  static SSLContext client() {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", KEYS.getCertificate("key"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
