package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.EOFException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An answer that goes out by HTTP/1.
final class VertxAnswer extends Answer {
  private final BodyTap connection;
  private final HttpServerResponse out;

  VertxAnswer(
      BodyTap connection,
      EngineExchange exchange,
      HttpServerRequest request,
      HttpResponse response) {
    super(connection, exchange, response);
    this.connection = connection;
    this.out = request.response();
  }

  @Override
  void setHead(HttpResponse response, boolean closes) {
    out.setStatusCode(response.status());
    MultiMap fields = out.headers();
    List<String> given = response.headers();
    for (int i = 0; i < given.size(); i += 2) {
      fields.add(FieldNames.of(given.get(i)), (CharSequence) given.get(i + 1));
    }
    if (!fields.contains(HttpHeaderNames.DATE)) {
      fields.set(HttpHeaderNames.DATE, connection.engine().date.now());
    }
    if (closes) {
      fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  @Override
  void setLengthField(long bytes) {
    out.headers().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(bytes));
  }

  @Override
  void clearHead() {
    out.headers().clear();
  }

  @Override
  boolean isBegun() {
    return out.headWritten();
  }

  @Override
  void sendFile(Content.File file) {
    if (connection.engine().settings.copiesFiles()) {
      copy(file);
      return;
    }
    FileFeed feed = new FileFeed(connection, file);
    sending(feed);
    connection.feed(feed);
    out.sendFile(file.channel(), file.offset(), file.length())
        .onComplete(result -> fileSent(result, file.length()));
  }

  private void fileSent(AsyncResult<Void> result, long announced) {
    if (result.failed()) {
      broken(result.cause());
    } else if (out.bytesWritten() < announced) {
      broken(new EOFException("the file is shorter than announced"));
    } else {
      finished();
    }
  }

  /// Vert.x does not release what it is given to write.
  @Override
  void write(ByteBuf bytes, Consumer<@Nullable Throwable> sent) {
    out.write(BufferInternal.buffer(bytes))
        .onComplete(
            result -> {
              bytes.release();
              sent.accept(result.cause());
            });
  }

  @Override
  void end(ByteBuf bytes) {
    Future<Void> taken = out.end(BufferInternal.buffer(bytes));
    long counted = takeCounted();
    if (counted > 0) {
      taken.onComplete(_ -> connection.engine().answers.give(counted));
    }
    finished();
  }
}
