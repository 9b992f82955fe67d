package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One HTTP/1 connection: sits in the channel's pipeline between the decoder and Vert.x, takes the
/// bodies' bytes as the pooled buffers that they are (Vert.x would copy each into a fresh array),
/// and lets heads and ends pass. Every method runs on the connection's event loop.
// The futures of closing a channel say nothing that channelInactive does not say too.
@SuppressWarnings("FutureReturnValueIgnored")
final class BodyTap extends ChannelDuplexHandler implements Carrier, Watched {
  private static final AttributeKey<BodyTap> KEY = AttributeKey.valueOf(BodyTap.class, "tap");

  /// Vert.x's own handler in the pipeline.
  private static final String VERTX_HANDLER = "handler";

  private final EngineState engine;
  private final Channel channel;
  private final HeadDecoder decoder;
  private final String remote;
  private final ConnectionWatch watch;

  private final RequestLine line;

  /// A request that waits until its client has taken the answers before it.
  private @Nullable VertxExchange held;

  /// The body whose end has not come yet, and what its head announced; -1 for a chunked one.
  private @Nullable BodyQueue receiving;

  private long announced;
  private boolean awaitsContinue;
  private long discarded;

  /// The request whose answer is not complete yet.
  private @Nullable VertxExchange active;

  /// The file that is the answer.
  private @Nullable FileFeed feed;

  private long requests;
  private long bodyBytes;
  private boolean paused;
  private long pauses;

  /// What comes from here on is not understood, or not wanted.
  private boolean deaf;

  private boolean closeAfterAnswer;

  private BodyTap(EngineState engine, Channel channel, HeadDecoder decoder) {
    this.engine = engine;
    this.channel = channel;
    this.decoder = decoder;
    this.line = new RequestLine(engine.heads);
    this.remote = EngineExchange.remote(channel.remoteAddress());
    this.watch = new ConnectionWatch(this, engine.settings.timeouts());
  }

  /// Puts a tap into a connection that Vert.x has just set up.
  static void install(EngineState engine, Channel channel, HeadDecoder decoder) {
    BodyTap tap = new BodyTap(engine, channel, decoder);
    channel.attr(KEY).set(tap);
    channel.pipeline().addBefore(VERTX_HANDLER, "bodyTap", tap);
    tap.watch.start(channel.eventLoop());
  }

  static BodyTap of(Channel channel) {
    return channel.attr(KEY).get();
  }

  @Override
  public EngineState engine() {
    return engine;
  }

  @Override
  public Channel channel() {
    return channel;
  }

  /// The client's address and port.
  String remote() {
    return remote;
  }

  // What comes in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (deaf) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof HttpRequest request) {
      onHead(request);
      ctx.fireChannelRead(request);
    } else if (receiving != null && message instanceof HttpContent content) {
      onContent(ctx, receiving, content);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private void onHead(HttpRequest request) {
    requests++;
    BodyQueue body = BodyQueue.EMPTY;
    if (request.decoderResult().isSuccess()) {
      RequestRules.Refused refused = RequestRules.refusal(request);
      if (refused != null) {
        request.setDecoderResult(DecoderResult.failure(refused));
      }
    }
    if (request.decoderResult().isFailure()) {
      deaf = true;
    } else {
      boolean chunked = HttpUtil.isTransferEncodingChunked(request);
      announced = chunked ? -1 : HttpUtil.getContentLength(request, 0L);
      if (announced != 0) {
        body = new BodyQueue(engine.bodies, this::wantedSoon, this::resumeSoon);
        if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
          // Nobody wants it.
          body.close();
        }
        receiving = body;
        discarded = 0;
        awaitsContinue = HttpUtil.is100ContinueExpected(request);
      }
    }
    boolean inLine = active != null || !line.isEmpty();
    line.enter(body, decoder.lastHead());
    if (inLine) {
      pause();
      if (line.isTooLong()) {
        abort("too many requests wait for their turn");
      }
    }
  }

  private void onContent(ChannelHandlerContext ctx, BodyQueue body, HttpContent content) {
    if (content.decoderResult().isFailure()) {
      content.release();
      onBrokenBody(body);
      return;
    }
    take(body, content.content());
    if (content instanceof LastHttpContent) {
      receiving = null;
      resume();
      body.end();
      ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }

  private void take(BodyQueue body, ByteBuf data) {
    int length = data.readableBytes();
    if (length == 0) {
      data.release();
      return;
    }
    awaitsContinue = false;
    bodyBytes += length;
    if (!body.offer(data)) {
      pause();
    } else if (body.abandoned()) {
      discarded += length;
      if (discarded > engine.settings.limits().discardBytes()) {
        pause();
        closeAfterAnswer();
      }
    }
  }

  private void onBrokenBody(BodyQueue body) {
    deaf = true;
    body.fail(new IOException("the request's body is malformed"));
    if (active != null && active.body() == body) {
      active.refuse(400);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (receiving != null) {
      receiving.signal();
    }
    ctx.fireChannelReadComplete();
  }

  private void pause() {
    if (!paused) {
      paused = true;
      pauses++;
      channel.config().setAutoRead(false);
    }
  }

  private void resume() {
    if (paused && held == null && line.isEmpty() && channel.isActive()) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  private void resumeSoon() {
    onLoop(this::resume);
  }

  private void wantedSoon() {
    onLoop(this::sendContinue);
  }

  private void sendContinue() {
    if (awaitsContinue && active != null && active.body() == receiving) {
      awaitsContinue = false;
      active.sendContinue();
    }
  }

  // Requests and answers

  /// Takes a request that Vert.x hands on: one at a time, in order.
  void begin(HttpServerRequest request) {
    RequestLine.Arrived arrived = line.next();
    if (!channel.isActive()) {
      // What had come before the client left: nobody is to be answered.
      arrived.body().close();
      return;
    }
    VertxExchange exchange = new VertxExchange(this, request, arrived.body(), arrived.bytes());
    active = exchange;
    engine.inFlight.incrementAndGet();
    if (arrived.body().failed()) {
      exchange.refuse(400);
    } else if (channel.isWritable()) {
      handOver(exchange);
    } else {
      held = exchange;
      pause();
    }
  }

  private void handOver(VertxExchange exchange) {
    resume();
    HttpResponse instant = engine.instant.answer(exchange.head());
    if (instant != null) {
      exchange.answerWithoutThread(instant);
    } else if (!engine.poolFor(exchange.head()).submit(exchange)) {
      exchange.answerWithoutThread(engine.settings.unavailable());
    }
  }

  @Override
  public void fetchFirst(Content.File file) {
    if (!engine.settings.copiesFiles()) {
      FileFeed.fetchFirst(file);
    }
  }

  /// A file whose parts Vert.x is about to write.
  void feed(FileFeed fed) {
    feed = fed;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (feed != null && message instanceof FileRegion part) {
      feed.take(
          part.count(),
          () -> ctx.writeAndFlush(part, promise),
          () -> {
            part.release();
            promise.tryFailure(new IOException("the file was given up"));
          });
    } else if (feed != null && message instanceof ChunkedNioFile chunks) {
      var writer = channel.pipeline().get(ChunkedWriteHandler.class);
      ctx.write(new FedChunks(feed, chunks, writer), promise);
    } else {
      ctx.write(message, promise);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    VertxExchange exchange = held;
    if (exchange != null && channel.isWritable()) {
      held = null;
      handOver(exchange);
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public boolean closesWith(BodyQueue body) {
    boolean unread = body == receiving;
    boolean much = announced > engine.settings.limits().discardBytes();
    return engine.draining || deaf || closeAfterAnswer || (unread && (much || awaitsContinue));
  }

  @Override
  public void abandoned() {
    if (receiving != null && receiving.abandoned()) {
      resume();
    }
  }

  /// The answer begins: what the request took of memory is no longer counted, however long its
  /// client takes to read.
  @Override
  public void answering(EngineExchange exchange) {
    line.leave(exchange.takeHeadBytes());
  }

  @Override
  public void finished(EngineExchange exchange) {
    if (active == exchange) {
      active = null;
      feed = null;
      engine.inFlight.decrementAndGet();
      exchange.ended();
    }
    if (closeAfterAnswer) {
      channel.close();
    }
  }

  @Override
  public void closeAfterAnswer() {
    closeAfterAnswer = true;
    if (active == null) {
      channel.close();
    }
  }

  // The end

  /// Vert.x closes the connection; it has flushed all answers.
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    boolean unread = deaf || receiving != null;
    boolean enough = discarded > engine.settings.limits().discardBytes();
    if (!unread
        || enough
        || !(channel instanceof DuplexChannel duplex)
        || duplex.isOutputShutdown()) {
      ctx.close(promise);
      return;
    }
    deaf = true;
    failBodies("the connection is closed");
    Linger.begin(duplex, () -> ctx.close(promise));
  }

  @Override
  public void abort(String why) {
    deaf = true;
    failBodies(why);
    ChannelHandlerContext ctx = channel.pipeline().context(this);
    if (ctx != null) {
      ctx.close();
    }
  }

  /// Vert.x would answer a broken connection with an exception of its own where requests wait in
  /// line.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      abort(String.valueOf(cause.getMessage()));
    } else {
      deaf = true;
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.stop();
    line.close();
    failBodies("the client closed the connection before the whole body had come");
    VertxExchange left = active;
    if (left != null) {
      left.disconnected();
      finished(left);
    }
    ctx.fireChannelInactive();
  }

  private void failBodies(String why) {
    if (receiving != null) {
      receiving.fail(new IOException(why));
    }
  }

  // What the watch looks at

  @Override
  public @Nullable Object idleMark() {
    boolean busy = active != null || receiving != null || writeMark() != null;
    return busy ? null : requests;
  }

  @Override
  public @Nullable Object bodyMark() {
    return receiving == null || paused || awaitsContinue ? null : bodyBytes;
  }

  @Override
  public long requests() {
    return requests;
  }

  @Override
  public long bodyBytes() {
    return bodyBytes;
  }

  @Override
  public long pauses() {
    return pauses;
  }

  @Override
  public @Nullable Object writeMark() {
    return OutboundMark.of(channel);
  }

  @Override
  public @Nullable Object fileMark() {
    return active == null ? null : active.fileMark();
  }

  @Override
  public @Nullable EngineExchange unanswered() {
    return active != null && active != held && active.onlyHandlerIsWaitedFor() ? active : null;
  }

  @Override
  public @Nullable EngineExchange unansweredBody() {
    boolean clientIsWaitedFor = receiving != null && !paused;
    return active != null && active != held && active.isUnanswered() && !clientIsWaitedFor
        ? active
        : null;
  }
}
