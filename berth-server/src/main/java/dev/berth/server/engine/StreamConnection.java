package dev.berth.server.engine;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection on which the client chose HTTP/2. Netty's codec speaks it; this bounds it, looks
/// after it and ends it, and has a [StreamTap] for each stream. Every method runs on the
/// connection's event loop.
// The futures of closing a channel say nothing that channelInactive does not say too.
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamConnection extends ChannelInboundHandlerAdapter {
  /// Streams at one time, as most servers have it.
  static final int MAX_STREAMS = 100;

  /// What a client may send of a body that nobody reads yet: the protocol's default.
  private static final int WINDOW_BYTES = 65_535;

  /// The same once it is read, as long as not too many have it.
  static final int WIDE_WINDOW_BYTES = 512 << 10;

  /// Bounds nothing beyond the streams' windows: a body that waits for a thread must not hold up
  /// those that have one.
  private static final int CONNECTION_WINDOW_BYTES = MAX_STREAMS * WIDE_WINDOW_BYTES;

  /// A client that opens streams to reset them at once, or has the server reset them, may do so
  /// this often in this time (CVE-2023-44487, CVE-2025-55163).
  private static final int MAX_RESETS = 200;

  private static final int RESETS_SECONDS = 30;
  private static final int MAX_EMPTY_FRAMES = 10;
  private static final int MAX_SMALL_CONTINUATIONS = 16;
  private static final int MAX_QUEUED_CONTROL_FRAMES = 1000;

  /// In the ping that follows the word that this connection ends.
  private static final long LEAVING = 0x6265727468L;

  /// A client that does not answer it must have heard by then.
  private static final long PING_MILLIS = 2000;

  /// As in [ConnectionWatch].
  private static final int WRITE_FACTOR = 4;

  private final EngineState engine;
  private final Channel channel;
  private final Http2FrameCodec codec;
  private final String remote;
  private final Set<StreamTap> streams = new LinkedHashSet<>();
  private final Stall idle = new Stall();
  private final Stall write = new Stall();
  private @Nullable ScheduledFuture<?> looks;
  private long opened;

  /// The client was told to open no more streams; it knows; it is all over.
  private boolean leaving;

  private boolean known;
  private boolean over;

  private StreamConnection(EngineState engine, Channel channel) {
    this.engine = engine;
    this.channel = channel;
    this.remote = EngineExchange.remote(channel.remoteAddress());
    this.codec = codec(engine.settings.limits());
  }

  private static Http2FrameCodec codec(EngineSettings.Limits limits) {
    Http2Settings settings =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(MAX_STREAMS)
            .maxHeaderListSize(limits.headerBytes());
    return Http2FrameCodecBuilder.forServer()
        .initialSettings(settings)
        .validateHeaders(true)
        .validateRequiredPseudoHeaders(true)
        .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS)
        .encoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESETS_SECONDS)
        .decoderEnforceMaxConsecutiveEmptyDataFrames(MAX_EMPTY_FRAMES)
        .decoderEnforceMaxSmallContinuationFrames(MAX_SMALL_CONTINUATIONS)
        .encoderEnforceMaxQueuedControlFrames(MAX_QUEUED_CONTROL_FRAMES)
        // A client may offer a table of any size for fields that were sent before, and would have
        // this side fill one as large: no field of an answer gets into it.
        .headerSensitivityDetector((name, _) -> !Http2Headers.PseudoHeaderName.isPseudoHeader(name))
        // Closing closes: the word to the client is this class's own.
        .decoupleCloseAndGoAway(true)
        .build();
  }

  /// Takes a connection over that Vert.x has just set up for HTTP/1, and of which nothing was read.
  static void install(EngineState engine, Channel channel) {
    StreamConnection connection = new StreamConnection(engine, channel);
    ChannelPipeline pipeline = channel.pipeline();
    while (!(pipeline.last() instanceof SslHandler)) {
      pipeline.removeLast();
    }
    pipeline.addLast(
        connection.codec,
        new Http2MultiplexHandler(
            new ChannelInitializer<Http2StreamChannel>() {
              @Override
              protected void initChannel(Http2StreamChannel stream) {
                stream.config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false);
                stream.config().setAllocator(channel.alloc());
                stream.pipeline().addLast(new StreamTap(connection, stream));
              }
            }),
        connection);
    connection.start();
  }

  private void start() {
    int more = CONNECTION_WINDOW_BYTES - WINDOW_BYTES;
    channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(more));
    long period = ConnectionWatch.periodNanos(engine.settings.timeouts());
    looks =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
  }

  EngineState engine() {
    return engine;
  }

  /// The client's address and port.
  String remote() {
    return remote;
  }

  // Streams

  void opened(StreamTap stream) {
    opened++;
    streams.add(stream);
    if (engine.draining) {
      leave();
    }
  }

  void closed(StreamTap stream) {
    streams.remove(stream);
    endIfIdle();
  }

  /// Lets a client send more of a body, since it is read.
  void widen(StreamTap tap) {
    Http2Stream stream = streamOf(tap);
    if (stream == null) {
      return;
    }
    try {
      int more =
          WIDE_WINDOW_BYTES - codec.connection().local().flowController().initialWindowSize(stream);
      if (more > 0) {
        codec.connection().local().flowController().incrementWindowSize(stream, more);
        channel.flush();
      }
    } catch (Http2Exception e) {
      tap.abort("the window cannot be wider");
    }
  }

  private @Nullable Http2Stream streamOf(StreamTap tap) {
    return codec.connection().stream(((Http2StreamChannel) tap.channel()).stream().id());
  }

  // The end

  /// Says that the connection ends, lets all streams come to their ends, and those also that the
  /// client opened before it heard: it has heard when it answers a ping (RFC 9113 §6.8).
  private void leave() {
    if (leaving) {
      return;
    }
    leaving = true;
    goAway(Integer.MAX_VALUE);
    channel.writeAndFlush(new DefaultHttp2PingFrame(LEAVING));
    channel.eventLoop().schedule(this::known, PING_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void known() {
    known = true;
    endIfIdle();
  }

  private void goAway(int extraStreams) {
    DefaultHttp2GoAwayFrame word = new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR);
    word.setExtraStreamIds(extraStreams);
    channel.writeAndFlush(word);
  }

  private void endIfIdle() {
    if (leaving && known && streams.isEmpty()) {
      end();
    }
  }

  /// Ends it so that what was sent arrives.
  private void end() {
    if (over || !channel.isActive()) {
      return;
    }
    over = true;
    goAway(0);
    channel
        .pipeline()
        .addAfter(channel.pipeline().context(SslHandler.class).name(), null, new Deaf());
    if (channel instanceof DuplexChannel duplex) {
      Linger.begin(duplex, channel::close);
    } else {
      channel.close();
    }
  }

  /// Throws away what comes after the end.
  private static final class Deaf extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (leaving && message instanceof Http2PingFrame ping && ping.ack()) {
      known();
    }
    ReferenceCountUtil.release(message);
  }

  /// Vert.x tells all connections of a server that it stops.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ShutdownEvent) {
      if (streams.isEmpty()) {
        end();
      } else {
        leave();
      }
    } else {
      ReferenceCountUtil.release(event);
    }
  }

  /// The codec answers what the client did wrong.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof Http2Exception)) {
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (looks != null) {
      looks.cancel(false);
    }
  }

  // What stands still

  private void look() {
    long now = System.nanoTime();
    EngineSettings.Timeouts timeouts = engine.settings.timeouts();
    if (idle.lasts(streams.isEmpty() ? opened : null, now, timeouts.idle())) {
      end();
    } else if (write.lasts(
        OutboundMark.of(channel), now, timeouts.writeIdle().multipliedBy(WRITE_FACTOR))) {
      channel.close();
    }
    List.copyOf(streams).forEach(StreamTap::look);
  }
}
