package dev.berth.server.engine;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import javax.net.ssl.SSLException;

/// TLS by the JDK, for connections that are [Admission]'s to let in. Where clients may choose
/// between HTTP/2 and HTTP/1 (RFC 7301), Vert.x is not told: it makes an HTTP/1 connection of each,
/// and [StreamConnection] takes over, before a byte is read, those on which the client chose
/// HTTP/2.
final class ServerTls extends JdkSSLEngineOptions {
  private static final String HTTP2 = "h2";
  private static final List<String> PROTOCOLS = List.of(HTTP2, "http/1.1", "http/1.0");

  private final Admission admission;
  private final boolean http2;

  ServerTls(Admission admission, boolean http2) {
    this.admission = admission;
    this.http2 = http2;
  }

  /// Whether the client of a connection chose HTTP/2.
  static boolean isHttp2(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return tls != null && HTTP2.equals(tls.applicationProtocol());
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory();
  }

  private final class Factory extends DefaultSslContextFactory {
    Factory() {
      super(SslProvider.JDK, false);
    }

    @Override
    public SslContext create() throws SSLException {
      if (http2) {
        useAlpn(true);
        applicationProtocols(PROTOCOLS);
      }
      return new AdmittedTls(super.create(), admission);
    }
  }
}
