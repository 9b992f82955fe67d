package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;

/// Vert.x's decoder with the bounds that it lacks: on the number of fields, since a short one takes
/// many times its bytes in memory, and on the heads that have not come to their end on all
/// connections together.
// The future of closing a channel says nothing that channelInactive does not say too.
@SuppressWarnings("FutureReturnValueIgnored")
final class HeadDecoder extends VertxHttpRequestDecoder {
  /// Most fields of one request, those after a chunked body among them; more is 431.
  static final int MAX_FIELDS = 128;

  /// About what the objects of one field take beside its bytes.
  private static final int FIELD_BYTES = 96;

  private final MemoryBudget budget;
  private int fields;

  /// What the decoder keeps of a head that has not come to its end, as far as it was understood.
  private long kept;

  /// What the budget knows of.
  private long counted;

  private long lastHead;

  /// Whether what comes next belongs to the body of a request that was handed on.
  private boolean inBody;

  HeadDecoder(Http1ServerConfig config, MemoryBudget budget) {
    super(config);
    this.budget = budget;
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    fields++;
    if (fields > MAX_FIELDS) {
      throw new TooLongHttpHeaderException("more than " + MAX_FIELDS + " fields");
    }
    kept += FIELD_BYTES;
    return super.splitHeaderName(line, start, length);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    int before = buffer.readableBytes();
    int outBefore = out.size();
    super.decode(ctx, buffer, out);
    if (out.size() > outBefore) {
      // A whole head, or a piece of a body: nothing is kept any more.
      if (out.get(outBefore) instanceof HttpRequest) {
        lastHead = kept + before - buffer.readableBytes();
      }
      inBody = !(out.getLast() instanceof LastHttpContent);
      kept = 0;
      fields = 0;
    } else {
      kept += before - buffer.readableBytes();
    }
    // A rest of three bytes holds the whole buffer that it came in.
    count(kept + (buffer.isReadable() ? buffer.capacity() : 0));
    if (out.size() == outBefore && !inBody && budget.isSpent()) {
      // No answer: nobody can say to what, and it would wait for a client that means harm.
      ctx.close();
    }
  }

  /// What the head that came last takes, as far as it is understood.
  long lastHead() {
    return lastHead;
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    super.handlerRemoved0(ctx);
    count(0);
  }

  private void count(long bytes) {
    if (bytes != counted) {
      budget.add(bytes - counted);
      counted = bytes;
    }
  }
}
