package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A pair of files that would fail every handshake never comes to one.
class TlsSettingsTest {
  private static final TlsSettings GOOD = TestTls.settings(false);

  private static TlsSettings withKey(byte[] key) {
    return new TlsSettings(
        GOOD.certificates(), key, List.of(), GOOD.versions(), GOOD.cipherSuites(), false);
  }

  private static TlsSettings withOtherKey(String algorithm) {
    try {
      return withKey(
          TestTls.pem(
              "PRIVATE KEY",
              KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void start(TlsSettings tls) throws IOException {
    TestingEngine.start(TestingEngine.settings().with(tls), TestingEngine::count).close();
  }

  @ParameterizedTest
  @CsvSource({
    "EC,the key in http.tls.key is not that of the certificate",
    "RSA,private key algorithm does not match"
  })
  void theKeyOfAnotherCertificateRefusesTheStart(String algorithm, String reason) {
    TlsSettings wrong = withOtherKey(algorithm);
    assertThatThrownBy(() -> start(wrong))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("http.tls cannot be used: " + reason);
  }

  @Test
  void whatIsNoKeyRefusesTheStart() {
    TlsSettings wrong = withKey("no key\n".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> start(wrong))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("http.tls cannot be used: Missing -----BEGIN PRIVATE KEY");
  }

  /// Whoever writes the two files one after the other has a wrong pair there in between.
  @Test
  void thePairOfBeforeHoldsWhereTheNextDoesNotFit() throws IOException {
    TlsSettings wrong = withOtherKey("EC");
    try (TestingEngine engine =
        TestingEngine.start(
            TestingEngine.settings().with(GOOD), exchange -> TestingEngine.count(exchange))) {
      assertThatThrownBy(() -> engine.engine.renew(wrong))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("the key in http.tls.key is not that of the certificate");
      try (SSLSocket socket =
          (SSLSocket)
              TestTls.client()
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), engine.port())) {
        socket.startHandshake();
        assertThat(socket.getSession().isValid()).isTrue();
      }
    }
  }
}
