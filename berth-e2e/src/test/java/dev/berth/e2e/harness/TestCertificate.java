package dev.berth.e2e.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost` that signs itself, made by the JDK's `keytool`.
///
/// @param certificate PEM file
/// @param key PEM file, PKCS#8
public record TestCertificate(Path certificate, Path key) {
  private static final char[] PASSWORD = "password".toCharArray();

  /// Makes one.
  ///
  /// @param name of the files, and in the certificate
  public static TestCertificate make(Path folder, String name) {
    return make(folder, name, "dns:localhost,ip:127.0.0.1");
  }

  /// Makes one for other names.
  ///
  /// @param names as keytool has them: `dns:registry.example.com,ip:10.0.0.1`
  public static TestCertificate make(Path folder, String name, String names) {
    Path store = folder.resolve(name + ".p12");
    Program.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool"),
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-ext",
            "san=" + names,
            "-validity",
            "30",
            "-storetype",
            "PKCS12",
            "-keystore",
            store,
            "-storepass",
            new String(PASSWORD))
        .run();
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      Certificate certificate = keys.getCertificate("key");
      Key key = Objects.requireNonNull(keys.getKey("key", PASSWORD));
      return new TestCertificate(
          pem(folder.resolve(name + ".crt"), "CERTIFICATE", certificate.getEncoded()),
          pem(folder.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Path pem(Path file, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        file, "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, text));
  }

  /// For a client that trusts this certificate alone.
  public SSLContext context() {
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// Writes this certificate and its key over the files of another.
  public void replace(TestCertificate other) throws IOException {
    Files.write(other.key(), Files.readAllBytes(key));
    Files.write(other.certificate(), Files.readAllBytes(certificate));
  }
}
