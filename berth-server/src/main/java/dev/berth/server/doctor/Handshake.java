package dev.berth.server.doctor;

import dev.berth.server.outgoing.TrustedCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS of a listener, as clients see it. Twice: first whatever is shown is looked at, and nothing
/// is sent; then as a client that trusts only whom it should.
final class Handshake implements Check {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final String RENEW =
      "renew it (cert-manager, certbot), and have the proxy or Berth read the new file";

  private final Target target;
  private final InstantSource clock;
  private volatile @Nullable SSLContext trust;

  Handshake(Target target, InstantSource clock) {
    this.target = target;
    this.clock = clock;
  }

  /// What the server is trusted by; empty where it is not.
  Optional<SSLContext> trust() {
    return Optional.ofNullable(trust);
  }

  @Override
  public void look(Findings findings) throws IOException, GeneralSecurityException {
    var seen = new Seen();
    SSLContext all = SSLContext.getInstance("TLS");
    all.init(null, new TrustManager[] {seen}, null);
    String protocol;
    try {
      protocol = shake(all, /* names= */ false);
    } catch (IOException e) {
      refused(e, findings);
      return;
    }
    findings.ok("speaks " + protocol);
    ShownCertificates shown = new ShownCertificates(seen.chain());
    shown.times(clock.instant(), RENEW, findings);
    shown.names(target.host(), findings);
    shown.order("the server", findings);
    trusted(shown, findings);
  }

  private void trusted(ShownCertificates shown, Findings findings)
      throws IOException, GeneralSecurityException {
    Path file = target.authorities();
    SSLContext wanted = file == null ? TrustedCertificates.ofSystem() : wanted(List.of(file));
    String by = file == null ? "the system's authorities" : "the --ca file";
    if (!shown.isValidAt(clock.instant()) || !shown.isFor(target.host())) {
      // The JDK takes one that has ended, if it is trusted itself: other clients do not.
      findings.skip("whether " + by + " vouch for it: see above");
      return;
    }
    try {
      String _ = shake(wanted, /* names= */ true);
      trust = wanted;
      findings.ok("trusted by " + by);
    } catch (SSLException e) {
      String where = target.authority();
      findings.fail(
          "not trusted by " + by + ": " + e.getMessage(),
          (shown.isSelfSigned() ? "" : "show the certificates between it and its root, too; or ")
              + "give the authority to clients: containerd"
              + " /etc/containerd/certs.d/"
              + where
              + "/hosts.toml (ca = \"…\"), Docker /etc/docker/certs.d/"
              + where
              + "/ca.crt, and --ca here");
    }
  }

  /// Those of the files, and no others.
  static SSLContext wanted(List<Path> authorities) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, TrustedCertificates.of(authorities).getTrustManagers(), null);
    return context;
  }

  private boolean speaksPlainHttp() {
    try {
      WebAnswer _ = new WebClient(target.url(), null, PATIENCE).send(WebRequest.of("GET", "/"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void refused(IOException failure, Findings findings) {
    if (speaksPlainHttp()) {
      findings.fail(
          "plain HTTP is spoken on port "
              + target.port()
              + "; containerd and Docker say: server gave HTTP response to HTTPS client",
          "put TLS there (http.tls, or a proxy), or tell each client: "
              + Outside.plainHttp(target.authority()));
    } else {
      findings.fail(
          "no TLS connection comes about: " + Reason.of(failure),
          "see that the listener takes TLS 1.2 or 1.3 and knows the name "
              + target.host()
              + ", and asks clients for no certificate unless they have one");
    }
  }

  /// @param names whether that of the certificate has to be the host's
  /// @return the version that is spoken
  private String shake(SSLContext context, boolean names) throws IOException {
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(target.host(), target.port()), millis());
      plain.setSoTimeout(millis());
      try (SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(plain, target.host(), target.port(), /* autoClose= */ true)) {
        if (names) {
          SSLParameters parameters = socket.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return socket.getSession().getProtocol();
      }
    }
  }

  private static int millis() {
    return (int) PATIENCE.toMillis();
  }

  /// Trusts everybody, to see whom. Nothing is ever sent on such a connection.
  private static final class Seen implements X509TrustManager {
    private volatile List<X509Certificate> chain = List.of();

    List<X509Certificate> chain() {
      return chain;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type) {
      chain = List.of(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String type) {
      throw new IllegalStateException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
