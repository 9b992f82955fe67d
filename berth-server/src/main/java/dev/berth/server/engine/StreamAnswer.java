package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An answer that goes out by HTTP/2. What is written waits for the window that the client gives;
/// never more of a file than one piece, or of other content than a few parts.
// What cannot be written is noticed by the end of its stream.
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamAnswer extends Answer {
  private static final int FREE_BYTES = 1 << 10;

  /// A client that takes one of these now and then is not given up.
  private static final int PIECE_BYTES = 16 << 10;

  /// RFC 9113 §8.2.2: these belong to a connection of HTTP/1.
  private static final Set<AsciiString> NOT_SENT =
      Set.of(
          HttpHeaderNames.CONNECTION,
          AsciiString.cached("keep-alive"),
          AsciiString.cached("proxy-connection"),
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE);

  private static final AsciiString DATE = HttpHeaderNames.DATE;

  private final StreamTap stream;
  private Http2Headers fields = new DefaultHttp2Headers(false);
  private boolean begun;

  StreamAnswer(StreamTap stream, StreamExchange exchange, HttpResponse response) {
    super(stream, exchange, response);
    this.stream = stream;
  }

  @Override
  void setHead(HttpResponse response, boolean closes) {
    fields.status(HttpResponseStatus.valueOf(response.status()).codeAsText());
    List<String> given = response.headers();
    for (int i = 0; i < given.size(); i += 2) {
      AsciiString name = FieldNames.lower(given.get(i));
      if (!NOT_SENT.contains(name)) {
        fields.add(name, given.get(i + 1));
      }
    }
    if (!fields.contains(DATE)) {
      fields.set(DATE, stream.engine().date.now());
    }
  }

  @Override
  void setLengthField(long bytes) {
    fields.set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(bytes));
  }

  @Override
  void clearHead() {
    fields = new DefaultHttp2Headers(false);
  }

  @Override
  boolean isBegun() {
    return begun;
  }

  /// Pieces are read by threads as with HTTP/1 on a file system of other machines: frames are made
  /// of bytes in memory, and the event loop makes no call for a file.
  @Override
  void sendFile(Content.File file) {
    copy(file);
  }

  @Override
  void write(ByteBuf bytes, Consumer<@Nullable Throwable> sent) {
    Channel channel = stream.channel();
    begin(false);
    stream.writing();
    channel
        .writeAndFlush(new DefaultHttp2DataFrame(bytes, false))
        .addListener(
            written -> {
              stream.written();
              sent.accept(written.cause());
            });
  }

  /// A connection has as many as it has streams, and none may fit its windows.
  @Override
  int freeBytes() {
    return FREE_BYTES;
  }

  @Override
  void end(ByteBuf bytes) {
    long counted = takeCounted();
    boolean bare = !bytes.isReadable() && !begun;
    ChannelFuture last = begin(bare);
    while (bytes.readableBytes() > PIECE_BYTES) {
      stream.writing();
      stream
          .channel()
          .write(new DefaultHttp2DataFrame(bytes.readRetainedSlice(PIECE_BYTES)))
          .addListener(_ -> stream.written());
    }
    if (!bare) {
      last = stream.channel().write(new DefaultHttp2DataFrame(bytes, true));
    }
    stream.writing();
    last.addListener(
        _ -> {
          stream.written();
          stream.engine().answers.give(counted);
          finished();
        });
    stream.channel().flush();
  }

  private ChannelFuture begin(boolean bare) {
    if (begun) {
      return stream.channel().newSucceededFuture();
    }
    begun = true;
    return stream.channel().write(new DefaultHttp2HeadersFrame(fields, bare));
  }
}
