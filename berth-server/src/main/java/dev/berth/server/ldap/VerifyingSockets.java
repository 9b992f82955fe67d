package dev.berth.server.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Makes TLS sockets whose handshake fails when the certificate is for another host. By themselves
/// neither the JDK's sockets nor the LDAP library look at that; what the library offers for it
/// looks after the handshake, and takes all addresses of the loopback for the same.
final class VerifyingSockets extends SSLSocketFactory {
  /// RFC 4513, section 3.1.3: as HTTPS, with the rules of LDAP for wildcards.
  private static final String RULES = "LDAPS";

  private final SSLSocketFactory made;

  VerifyingSockets(SSLSocketFactory made) {
    this.made = made;
  }

  private static Socket verifying(Socket socket) {
    SSLSocket tls = (SSLSocket) socket;
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(RULES);
    tls.setSSLParameters(parameters);
    return tls;
  }

  @Override
  public Socket createSocket() throws IOException {
    return verifying(made.createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return verifying(made.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return verifying(made.createSocket(host, port, local, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return verifying(made.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return verifying(made.createSocket(host, port, local, localPort));
  }

  /// On top of a connection that began without TLS.
  @Override
  public Socket createSocket(Socket below, String host, int port, boolean closeToo)
      throws IOException {
    return verifying(made.createSocket(below, host, port, closeToo));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return made.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return made.getSupportedCipherSuites();
  }
}
