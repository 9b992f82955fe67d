package dev.berth.server.engine;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// How far a channel's outgoing bytes are: two unequal marks mean that the client took something
/// between them.
record OutboundMark(long pending, int message, long progress) {
  /// Null if all is sent.
  static @Nullable OutboundMark of(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    if (buffer == null || buffer.isEmpty()) {
      return null;
    }
    int message = System.identityHashCode(buffer.current());
    return new OutboundMark(buffer.totalPendingWriteBytes(), message, buffer.currentProgress());
  }
}
