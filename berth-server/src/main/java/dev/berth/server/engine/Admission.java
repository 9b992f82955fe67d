package dev.berth.server.engine;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections there are, from the moment the kernel hands them over, and how many there
/// may be. One with TLS takes memory before its client is known to anybody, and for what its client
/// does not read: there are fewer of them where there is little memory. Safe for use by many
/// threads.
final class Admission {
  /// About what a connection with TLS takes of the heap: the engine, its handshake, the streams of
  /// HTTP/2.
  private static final long HEAP_BYTES = 20 << 10;

  /// About what waits outside the heap for a client that does not read.
  private static final long FRUGAL_BYTES = 32 << 10;

  /// The same for one of the first, which may have more at a time.
  private static final long AMPLE_BYTES = 128 << 10;

  private static final WriteBufferWaterMark FRUGAL = new WriteBufferWaterMark(8 << 10, 16 << 10);
  private static final int HALF = 2;
  private static final int AMPLE_SHARE = 8;

  private final int most;
  private final int mostOfTls;
  private final int ample;
  private final AtomicInteger open = new AtomicInteger();

  /// @param most connections of any kind
  Admission(int most) {
    this(most, Runtime.getRuntime().maxMemory(), PlatformDependent.maxDirectMemory());
  }

  Admission(int most, long heap, long direct) {
    this.most = most;
    long fit = Math.min(heap / HALF / HEAP_BYTES, direct / HALF / FRUGAL_BYTES);
    this.mostOfTls = Math.clamp(fit, 1, most);
    this.ample = (int) Math.min(direct / AMPLE_SHARE / AMPLE_BYTES, most);
  }

  /// Counts a connection until it is closed.
  ///
  /// @return false if there are too many, and it must be closed
  boolean admit(Channel channel, boolean tls) {
    int now = open.incrementAndGet();
    if (now > (tls ? mostOfTls : most)) {
      open.decrementAndGet();
      return false;
    }
    if (tls && now > ample) {
      channel.config().setWriteBufferWaterMark(FRUGAL);
    }
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    return true;
  }

  /// Connections now, those that have not come through their handshake too.
  int open() {
    return open.get();
  }
}
