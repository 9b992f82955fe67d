package dev.berth.server.load;

import dev.berth.server.outgoing.TrustedCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Whom the load takes for the registry.
public final class ServerTrust {
  private ServerTrust() {}

  /// Whom this system trusts.
  public static SSLContext ofSystem() {
    return TrustedCertificates.ofSystem();
  }

  /// The authorities of one PEM file, and no others.
  ///
  /// @throws IOException it is not there, or holds none; the message names it
  public static SSLContext of(Path file) throws IOException {
    return context(TrustedCertificates.of(List.of(file)).getTrustManagers());
  }

  /// Whoever answers.
  public static SSLContext ofAnybody() {
    try {
      return context(new TrustManager[] {new Anybody()});
    } catch (IOException e) {
      throw new IllegalStateException("every Java has TLS", e);
    }
  }

  private static SSLContext context(TrustManager[] managers) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("certificates cannot be trusted: " + e.getMessage(), e);
    }
  }

  /// Checks neither the authority nor the name: that is the extended kind's to do.
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      // Asked for.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      // Asked for.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      // Asked for.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // Asked for.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      // Asked for.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      // Asked for.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
