package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One stream of an HTTP/2 connection: one request, its body and its answer. The client may send as
/// much of the body as its window says, which grows again as the body's reader takes bytes. Every
/// method runs on the connection's event loop.
// What cannot be written is noticed by the end of the stream.
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamTap extends ChannelInboundHandlerAdapter implements Carrier, Watched {
  /// About what the objects of a stream take beside the bytes of its fields.
  private static final int STREAM_BYTES = 4096;

  /// About what the objects of one field take beside its bytes.
  private static final int FIELD_BYTES = 96;

  /// A smaller piece of a body is copied: it may be a small part of a buffer that it would hold.
  private static final int COPIED_BYTES = 8 << 10;

  /// The window is given back in portions of this size.
  private static final int GIVE_BACK_BYTES = 16 << 10;

  /// A body of which this much came and was taken is worth a wider window.
  private static final int WIDENED_BYTES = 32 << 10;

  private final StreamConnection connection;
  private final EngineState engine;
  private final Channel channel;
  private long headBytes;

  /// The request whose answer is not complete yet.
  private @Nullable StreamExchange active;

  /// The body whose end has not come yet, and what its head announced; -1 for nothing.
  private @Nullable BodyQueue receiving;

  private long announced;
  private boolean awaitsContinue;
  private boolean closeAfterAnswer;
  private long bodyBytes;
  private long discarded;

  /// Of the window: what came and is not given back yet.
  private int withheld;

  private boolean paused;
  private long pauses;
  private boolean wide;

  /// Writes on their way to the socket, and those that came there.
  private int writing;

  private long written;
  private @Nullable ConnectionWatch watch;

  StreamTap(StreamConnection connection, Channel channel) {
    this.connection = connection;
    this.engine = connection.engine();
    this.channel = channel;
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
    return connection.remote();
  }

  // What comes in

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof Http2DataFrame data) {
      onData(data);
    } else if (message instanceof Http2HeadersFrame head) {
      onHead(head);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void onHead(Http2HeadersFrame frame) {
    if (headBytes > 0) {
      // What stands behind a body: nobody wants it.
      if (frame.isEndStream()) {
        endBody();
      }
      return;
    }
    Http2Headers fields = frame.headers();
    headBytes = bytesOf(fields);
    engine.heads.add(headBytes);
    connection.opened(this);
    if (engine.heads.isSpent()) {
      // No answer: it would wait for a client that means harm. Others may try again.
      reset(Http2Error.REFUSED_STREAM);
      return;
    }
    RequestRules.Refused refused =
        RequestRules.refusal(fields, engine.settings.limits().urlBytes());
    if (refused == null) {
      begin(fields, frame.isEndStream());
    } else {
      refuse(RequestRules.status(refused), frame.isEndStream());
    }
  }

  private static long bytesOf(Http2Headers fields) {
    long bytes = STREAM_BYTES;
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      bytes += FIELD_BYTES + field.getKey().length() + field.getValue().length();
    }
    return bytes;
  }

  /// Answers what reaches no handler.
  private void refuse(int status, boolean whole) {
    HttpResponse answer = Answer.plain(status);
    byte[] text = ((Content.Bytes) answer.content()).bytes();
    Http2Headers fields = new DefaultHttp2Headers(false);
    fields.status(Integer.toString(status));
    fields.set(HttpHeaderNames.CONTENT_TYPE, answer.headers().get(1));
    fields.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(text.length));
    // So that the watch sees whether the client takes it.
    writing();
    channel.write(new DefaultHttp2HeadersFrame(fields, false));
    channel
        .writeAndFlush(new DefaultHttp2DataFrame(channel.alloc().buffer().writeBytes(text), true))
        .addListener(
            _ -> {
              written();
              if (!whole) {
                reset(Http2Error.NO_ERROR);
              }
            });
  }

  private void begin(Http2Headers fields, boolean whole) {
    BodyQueue body = BodyQueue.EMPTY;
    if (!whole) {
      body = new BodyQueue(engine.bodies, this::wantedSoon, this::resumeSoon);
      receiving = body;
      announced = fields.getLong(HttpHeaderNames.CONTENT_LENGTH, -1);
      awaitsContinue = fields.contains(HttpHeaderNames.EXPECT);
    } else if (!fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      // Its head was its end: a handler need not find that out by reading.
      fields.setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
    }
    StreamExchange exchange = new StreamExchange(this, fields, body);
    active = exchange;
    if (!whole && exchange.isRead()) {
      // Nobody wants it.
      body.close();
    }
    int inFlight = engine.inFlight.incrementAndGet();
    HttpResponse instant = engine.instant.answer(exchange.head());
    if (instant != null) {
      exchange.answerWithoutThread(instant);
    } else if (inFlight > engine.settings.limits().connections()
        || !engine.poolFor(exchange.head()).submit(exchange)) {
      exchange.answerWithoutThread(engine.settings.unavailable());
    }
  }

  private void onData(Http2DataFrame frame) {
    withheld += frame.initialFlowControlledBytes();
    BodyQueue body = receiving;
    if (body == null) {
      frame.release();
    } else {
      take(body, frame.content());
      if (frame.isEndStream()) {
        endBody();
      } else if (bodyBytes > WIDENED_BYTES) {
        widen();
      }
    }
    giveBack(GIVE_BACK_BYTES);
  }

  /// Lets the client send more at a time, once somebody takes it.
  private void widen() {
    boolean room = !engine.bodies.isSpent() && !engine.windows.isSpent();
    // Who is gone gives nothing back any more.
    if (!wide && !paused && receiving != null && room && channel.isActive()) {
      wide = true;
      engine.windows.add(StreamConnection.WIDE_WINDOW_BYTES);
      connection.widen(this);
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
    if (!body.offer(length < COPIED_BYTES ? copied(data) : data)) {
      if (!paused) {
        paused = true;
        pauses++;
      }
    } else if (body.abandoned()) {
      discarded += length;
      if (discarded > engine.settings.limits().discardBytes()) {
        paused = true;
        closeAfterAnswer();
      }
    }
  }

  private ByteBuf copied(ByteBuf data) {
    ByteBuf copy = channel.alloc().directBuffer(data.readableBytes());
    copy.writeBytes(data);
    data.release();
    return copy;
  }

  private void endBody() {
    BodyQueue body = receiving;
    if (body != null) {
      receiving = null;
      paused = false;
      body.end();
    }
  }

  /// Lets the client send as much more as was taken.
  private void giveBack(int least) {
    if (!paused && withheld >= least && withheld > 0 && channel.isActive()) {
      int bytes = withheld;
      withheld = 0;
      channel.writeAndFlush(new DefaultHttp2WindowUpdateFrame(bytes));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (receiving != null) {
      receiving.signal();
    }
  }

  private void resumeSoon() {
    onLoop(this::resume);
  }

  private void resume() {
    paused = false;
    widen();
    giveBack(1);
  }

  private void wantedSoon() {
    onLoop(this::wanted);
  }

  private void wanted() {
    if (receiving != null && active != null) {
      if (awaitsContinue) {
        awaitsContinue = false;
        active.sendContinue();
      }
      resume();
    }
  }

  // Answers

  @Override
  public void fetchFirst(Content.File file) {
    // A thread reads each piece.
  }

  @Override
  public boolean closesWith(BodyQueue body) {
    boolean much = announced > engine.settings.limits().discardBytes();
    return closeAfterAnswer || (receiving != null && (much || awaitsContinue));
  }

  @Override
  public void abandoned() {
    if (receiving != null && receiving.abandoned()) {
      paused = false;
      giveBack(1);
    }
  }

  /// What the request takes of memory counts until the stream ends.
  @Override
  public void answering(EngineExchange exchange) {}

  @Override
  public void finished(EngineExchange exchange) {
    if (active == exchange) {
      active = null;
      engine.inFlight.decrementAndGet();
      exchange.ended();
    }
    if (closeAfterAnswer) {
      refuseRest();
    }
  }

  @Override
  public void closeAfterAnswer() {
    closeAfterAnswer = true;
    if (active == null) {
      refuseRest();
    }
  }

  void writing() {
    writing++;
  }

  void written() {
    writing--;
    written++;
  }

  // The end

  /// RFC 9113 §8.1: with NO_ERROR it only says that the rest of the request is not wanted.
  private void refuseRest() {
    if (receiving != null) {
      reset(Http2Error.NO_ERROR);
    }
  }

  private void reset(Http2Error error) {
    if (channel.isActive()) {
      channel.writeAndFlush(new DefaultHttp2ResetFrame(error));
    }
  }

  @Override
  public void abort(String why) {
    failBody(why);
    reset(Http2Error.CANCEL);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame) {
      failBody("the client gave the request up");
    }
    ReferenceCountUtil.release(event);
  }

  /// What the client did wrong is answered by the codec, which found it.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception) {
      failBody("the request is malformed");
    } else {
      abort("the stream failed: " + cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    connection.closed(this);
    engine.heads.add(-headBytes);
    engine.windows.add(wide ? -StreamConnection.WIDE_WINDOW_BYTES : 0);
    failBody("the client left before the whole body had come");
    EngineExchange left = active;
    if (left != null) {
      left.disconnected();
      finished(left);
    }
  }

  private void failBody(String why) {
    if (receiving != null) {
      receiving.fail(new IOException(why));
    }
  }

  // What the watch looks at

  void look() {
    if (watch == null) {
      watch = new ConnectionWatch(this, engine.settings.timeouts());
    }
    watch.tick();
  }

  /// The connection has one.
  @Override
  public @Nullable Object idleMark() {
    return null;
  }

  @Override
  public @Nullable Object bodyMark() {
    return receiving == null || paused || awaitsContinue ? null : bodyBytes;
  }

  @Override
  public long requests() {
    return 1;
  }

  @Override
  public long bodyBytes() {
    return bodyBytes;
  }

  @Override
  public long pauses() {
    return pauses;
  }

  /// Only what came to the socket counts: a client that widens its window takes nothing by that.
  @Override
  public @Nullable Object writeMark() {
    return writing == 0 ? null : written;
  }

  @Override
  public @Nullable Object fileMark() {
    return active == null ? null : active.fileMark();
  }

  @Override
  public @Nullable EngineExchange unanswered() {
    return active != null && active.onlyHandlerIsWaitedFor() ? active : null;
  }

  @Override
  public @Nullable EngineExchange unansweredBody() {
    boolean clientIsWaitedFor = receiving != null && !paused;
    return active != null && active.isUnanswered() && !clientIsWaitedFor ? active : null;
  }
}
