package dev.berth.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.TlsConfig;
import dev.berth.config.TlsVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsChecksTest {
  private static final char[] PASSWORD = "password".toCharArray();
  private static final String LOCAL = "san=dns:localhost,ip:127.0.0.1";

  @TempDir private Path folder;

  /// Files of a certificate that signs itself, and what a server shows them with.
  private record Made(Path certificate, Path key, SSLContext server) {}

  private Made make(String name, String names, String start, String days) throws Exception {
    Path store = folder.resolve(name + ".p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    List<String> line =
        List.of(
            keytool,
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-ext",
            names,
            "-startdate",
            start,
            "-validity",
            days,
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            new String(PASSWORD));
    assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return new Made(
        pem(name + ".crt", "CERTIFICATE", keys.getCertificate("key").getEncoded()),
        pem(
            name + ".key",
            "PRIVATE KEY",
            Objects.requireNonNull(keys.getKey("key", PASSWORD)).getEncoded()),
        context);
  }

  private Path pem(String file, String kind, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, text));
  }

  private static List<String> files(Path certificate, Path key, String host) {
    var config = new TlsConfig(certificate, key, List.of(), TlsVersion.V1_2, List.of(), true);
    return Looking.with(new TlsFilesCheck(config, List.of(host), InstantSource.system()));
  }

  @Test
  void filesAreLookedAtAsTheServerWould() throws Exception {
    Made good = make("good", LOCAL, "-1d", "300");
    Made soon = make("soon", LOCAL, "-1d", "10");
    Made over = make("over", LOCAL, "-60d", "30");

    assertThat(Looking.only(files(good.certificate(), good.key(), "localhost"), "WARN", "FAIL"))
        .isEmpty();
    assertThat(files(good.certificate(), soon.key(), "localhost"))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("is not that of the cert"));
    assertThat(files(soon.certificate(), soon.key(), "localhost"))
        .anyMatch(line -> line.startsWith("WARN ") && line.contains("in 8 days"));
    assertThat(files(over.certificate(), over.key(), "localhost"))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("expired"));
    assertThat(files(good.certificate(), good.key(), "registry.example.com"))
        .anyMatch(
            line ->
                line.startsWith("FAIL ")
                    && line.contains("not for registry.example.com but for localhost, 127.0.0.1")
                    && line.contains("DNS:registry.example.com"));
    assertThat(files(good.key(), good.key(), "x")).allMatch(line -> line.startsWith("FAIL "));
  }

  @Test
  void theOrderOfAChainIsLookedAt() throws Exception {
    Made one = make("one", LOCAL, "-1d", "300");
    Made two = make("two", LOCAL, "-1d", "300");
    Path both =
        Files.writeString(
            folder.resolve("both"),
            Files.readString(one.certificate()) + Files.readString(two.certificate()));

    assertThat(files(both, one.key(), "localhost"))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("wrong order: number 2"));
  }

  @Test
  void namesMatchAsClientsMatchThem() throws Exception {
    Made wild = make("wild", "san=dns:*.example.com", "-1d", "300");
    ShownCertificates shown = ShownCertificates.parse(Files.readAllBytes(wild.certificate()));

    assertThat(shown.isFor("Registry.Example.com")).isTrue();
    assertThat(shown.isFor("a.b.example.com")).isFalse();
    assertThat(shown.isFor("example.com")).isFalse();
    assertThat(shown.isFor("wild")).isFalse();
  }

  /// @param authorities null for those of the system
  private static List<String> shake(Made made, String host, @Nullable Path authorities)
      throws IOException {
    try (SSLServerSocket listener =
        (SSLServerSocket)
            made.server()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> take(listener));
      URI url = URI.create("https://" + host + ":" + listener.getLocalPort());
      List<Finding> told = new ArrayList<>();
      new Bounded(told::add)
          .run(
              "https",
              "TLS",
              new Handshake(
                  new Target(url, null, () -> "", authorities, 1), InstantSource.system()));
      return Looking.lines(told);
    }
  }

  private static void take(SSLServerSocket listener) {
    try {
      while (true) {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
          int _ = socket.getInputStream().read();
        } catch (javax.net.ssl.SSLException e) {
          // A client that does not trust us.
        }
      }
    } catch (IOException e) {
      // The end of the test.
    }
  }

  @Test
  void aServerIsTrustedOrToldApart() throws Exception {
    Made good = make("good", LOCAL, "-1d", "300");
    Made other = make("other", "san=dns:other.example.com", "-1d", "300");
    Made over = make("over", LOCAL, "-60d", "30");

    List<String> trusted = shake(good, "localhost", good.certificate());
    assertThat(Looking.only(trusted, "WARN", "FAIL", "SKIP")).isEmpty();
    assertThat(trusted).contains("OK speaks TLSv1.3: ", "OK trusted by the --ca file: ");
    assertThat(shake(good, "localhost", null))
        .anyMatch(
            line ->
                line.startsWith("FAIL not trusted by the system's authorities")
                    && line.contains("hosts.toml"));
    assertThat(shake(other, "localhost", other.certificate()))
        .anyMatch(line -> line.startsWith("FAIL the certificate is not for localhost"))
        .anyMatch(line -> line.startsWith("SKIP "));
    assertThat(shake(over, "127.0.0.1", over.certificate()))
        .anyMatch(line -> line.startsWith("FAIL ") && line.contains("expired"))
        .anyMatch(line -> line.startsWith("SKIP "));
  }
}
