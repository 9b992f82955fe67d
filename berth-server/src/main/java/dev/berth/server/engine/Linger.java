package dev.berth.server.engine;

import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/// The end of a connection whose client may still send: what it sends is taken for a while, so that
/// the kernel does not answer it with a reset, which could overtake the last answer.
// The futures of closing a channel say nothing that channelInactive does not say too.
@SuppressWarnings("FutureReturnValueIgnored")
final class Linger {
  private static final long MILLIS = 1000;

  private Linger() {}

  /// Says that this is the end, takes what comes, and closes later. The caller throws away what
  /// comes.
  static void begin(DuplexChannel channel, Runnable close) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      channel.shutdownOutput();
    } else {
      // Without it the client must take the answer for cut off.
      ChannelFuture said = tls.closeOutbound();
      said.addListener(_ -> channel.shutdownOutput());
    }
    channel.config().setAutoRead(true);
    channel.eventLoop().schedule(close, MILLIS, TimeUnit.MILLISECONDS);
  }
}
