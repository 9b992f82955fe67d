package dev.berth.server.ldap;

import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import dev.berth.config.LdapConfig;
import dev.berth.server.outgoing.TrustedCertificates;
import dev.berth.server.reload.UnusableFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Opens connections to a directory: by TLS always, with the host's name verified, which the
/// library leaves out unless it is told to.
final class Connections {
  private static final int LDAP_PORT = 389;
  private static final int LDAPS_PORT = 636;
  private static final int MAX_MESSAGE_BYTES = 4 << 20;

  private Connections() {}

  /// A pool without a connection yet: a directory that is away does not stop the start.
  ///
  /// @throws UnusableFile the file of certificates cannot be used
  static LDAPConnectionPool pool(LdapConfig config) {
    var tls = new VerifyingSockets(tls(config.ca()).getSocketFactory());
    boolean direct = config.servers().getFirst().getScheme().equals("ldaps");
    SocketFactory sockets = direct ? tls : SocketFactory.getDefault();
    PostConnectProcessor first = direct ? null : new StartTLSPostConnectProcessor(tls);
    String[] hosts = config.servers().stream().map(Connections::host).toArray(String[]::new);
    int[] ports = config.servers().stream().mapToInt(Connections::port).toArray();
    var servers = new FailoverServerSet(hosts, ports, sockets, options(config));
    try {
      var pool =
          new LDAPConnectionPool(
              servers, searcher(config.users()), 0, config.connections(), first, false);
      pool.setCreateIfNecessary(false);
      // One that lay idle while the directory was started anew is no failure of a login.
      pool.setRetryFailedOperationsDueToInvalidConnections(true);
      pool.setMaxWaitTimeMillis(config.timeout().toMillis());
      return pool;
    } catch (LDAPException e) {
      throw new UnusableFile("berth.auth.ldap cannot be used: " + e.getMessage(), e);
    }
  }

  private static LDAPConnectionOptions options(LdapConfig config) {
    int millis = Math.toIntExact(config.timeout().toMillis());
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(millis);
    options.setResponseTimeoutMillis(millis);
    options.setFollowReferrals(false);
    options.setMaxMessageSize(MAX_MESSAGE_BYTES);
    options.setUseSynchronousMode(true);
    return options;
  }

  private static SimpleBindRequest searcher(LdapConfig.Users users) {
    return users.bindDn() == null || users.bindPassword() == null
        ? new SimpleBindRequest()
        : new SimpleBindRequest(users.bindDn(), users.bindPassword().value());
  }

  /// An IPv6 address without its brackets.
  private static String host(URI server) {
    String host = server.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(URI server) {
    if (server.getPort() > 0) {
      return server.getPort();
    }
    return server.getScheme().equals("ldaps") ? LDAPS_PORT : LDAP_PORT;
  }

  private static SSLContext tls(@Nullable Path ca) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null, ca == null ? null : TrustedCertificates.of(List.of(ca)).getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw new UnusableFile("berth.auth.ldap.ca: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS is there in every JDK", e);
    }
  }
}
