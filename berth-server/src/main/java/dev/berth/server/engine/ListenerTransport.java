package dev.berth.server.engine;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.transport.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// Epoll, with an eye on the listening socket. One that was destroyed from outside (`ss -K`) fails
/// each accept at once and for ever: left alone, its loop would do and log nothing else.
final class ListenerTransport extends EpollTransport {
  private static final Logger LOG = System.getLogger("dev.berth.server.engine");
  private static final int EINVAL = 22;

  /// As Vert.x is told of it.
  static Transport of(Transport epoll) {
    return new Transport() {
      private final ListenerTransport implementation = new ListenerTransport();

      @Override
      public String name() {
        return epoll.name();
      }

      @Override
      public boolean available() {
        return epoll.available();
      }

      @Override
      public Throwable unavailabilityCause() {
        return epoll.unavailabilityCause();
      }

      @Override
      public io.vertx.core.spi.transport.Transport implementation() {
        return implementation;
      }
    };
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    ChannelFactory<? extends ServerChannel> plain = super.serverChannelFactory(domainSocket);
    return () -> {
      ServerChannel channel = plain.newChannel();
      channel.pipeline().addLast(new Watch());
      return channel;
    };
  }

  private static final class Watch extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof NativeIoException failed && failed.expectedErr() == -EINVAL) {
        LOG.log(
            Level.ERROR,
            "the socket that listens on {0} was destroyed from outside: nobody can connect any"
                + " more; start this process again",
            String.valueOf(context.channel().localAddress()).replaceFirst("^/", ""));
        var _ = context.close();
      } else {
        context.fireExceptionCaught(cause);
      }
    }
  }
}
