package dev.berth.server.engine;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// A request that came by HTTP/2.
// What cannot be written is noticed by the end of its stream.
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamExchange extends EngineExchange {
  private final StreamTap stream;

  /// @param fields as [RequestRules] let them pass
  StreamExchange(StreamTap stream, Http2Headers fields, BodyQueue body) {
    super(stream, headOf(fields, stream.remote()), body, 0);
    this.stream = stream;
  }

  private static RequestHead headOf(Http2Headers fields, String remote) {
    String target = text(fields.path());
    int question = target.indexOf('?');
    return new RequestHead(
        text(fields.method()),
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        "HTTP/2.0",
        new StreamHeaders(fields),
        remote,
        true);
  }

  private static String text(@Nullable CharSequence value) {
    return value == null ? "" : value.toString();
  }

  @Override
  Answer newAnswer(HttpResponse response) {
    return new StreamAnswer(stream, this, response);
  }

  @Override
  void writeContinue() {
    Http2Headers fields = new DefaultHttp2Headers(false);
    fields.status(HttpResponseStatus.CONTINUE.codeAsText());
    stream.channel().writeAndFlush(new DefaultHttp2HeadersFrame(fields, false));
  }
}
