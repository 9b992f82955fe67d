package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.EOFException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sending of one answer. Every method runs on the connection's event loop.
final class Answer {
  private static final Logger LOG = System.getLogger("dev.berth.server.engine");

  /// What registry 2.8.2 and others write down for a client that did not wait.
  static final int CLIENT_LEFT = 499;

  private static final int ERRORS = 400;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final BodyTap connection;
  private final VertxExchange exchange;
  private final HttpServerResponse out;
  private final boolean head;
  private HttpResponse response;
  private boolean closes;

  /// What `Content-Length` says.
  private long length;

  /// Bytes of it that the memory for answers knows of.
  private long counted;

  private boolean released;

  /// Of the file that is sent.
  private @Nullable FileFeed feed;

  private @Nullable FileCopier copier;

  Answer(
      BodyTap connection,
      VertxExchange exchange,
      HttpServerRequest request,
      HttpResponse response) {
    this.connection = connection;
    this.exchange = exchange;
    this.out = request.response();
    this.response = response;
    this.head = exchange.head().method().equals("HEAD");
  }

  /// An answer of the engine's own.
  static HttpResponse plain(int status) {
    byte[] text = (status + "\n").getBytes(StandardCharsets.US_ASCII);
    List<String> fields = List.of("Content-Type", "text/plain; charset=utf-8");
    return new HttpResponse(status, fields, new Content.Bytes(text));
  }

  /// Sends it whole; where too many bytes wait for their clients already, the answer of a server
  /// that is busy in its place, which ends the connection.
  ///
  /// @param room bytes that were set aside for it
  void send(long room) {
    counted = room;
    try {
      if (!isAffordable()) {
        closes = true;
        response = connection.engine().settings.unavailable();
      }
      start();
      sendContent(response.content());
    } catch (RuntimeException failure) {
      broken(failure);
    }
  }

  /// Small ones always are: a connection has one of them beyond what its socket takes at most.
  private boolean isAffordable() {
    int bytes = !head && response.content() instanceof Content.Bytes(byte[] all) ? all.length : 0;
    int needed = bytes > HttpExchange.FREE_BYTES ? bytes : 0;
    AnswerMemory memory = connection.engine().answers;
    if (counted >= needed) {
      memory.give(counted - needed);
    } else if (!memory.tryTake(needed - counted)) {
      uncount();
      return false;
    }
    counted = needed;
    return true;
  }

  /// Tests and no `switch` over the types: the JDK makes a class for each such switch when it first
  /// meets it, which the archives of classes for a quick start do not hold.
  private void sendContent(Content content) {
    if (content instanceof Content.Bytes bytes) {
      sendBytes(bytes.bytes());
    } else if (content instanceof Content.Length length) {
      sendLength(length.bytes());
    } else if (content instanceof Content.File file) {
      if (head || file.length() == 0) {
        sendLength(file.length());
      } else {
        sendFile(file);
      }
    } else if (content instanceof Content.Range range) {
      sendLength(range.length());
    } else {
      end(Unpooled.EMPTY_BUFFER);
    }
  }

  /// Sets status and fields, sends nothing yet.
  void start() {
    closes |= connection.closesWith(exchange.body());
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

  private void sendBytes(byte[] bytes) {
    if (bytes.length == 0
        && (response.status() == NO_CONTENT || response.status() == NOT_MODIFIED)) {
      end(Unpooled.EMPTY_BUFFER);
      return;
    }
    setLength(bytes.length);
    end(head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes));
  }

  private void sendLength(long bytes) {
    if (bytes > 0 && !head && response.status() != NOT_MODIFIED) {
      throw new IllegalStateException("a length without bytes answers only HEAD");
    }
    setLength(bytes);
    end(Unpooled.EMPTY_BUFFER);
  }

  /// Sets the length that the client may count on.
  void setLength(long bytes) {
    length = bytes;
    out.headers().set(HttpHeaderNames.CONTENT_LENGTH, Long.toString(bytes));
  }

  private void sendFile(Content.File file) {
    setLength(file.length());
    if (connection.engine().settings.copiesFiles()) {
      copier = new FileCopier(connection, this, file);
      copier.next();
      return;
    }
    feed = new FileFeed(connection, file);
    connection.feed(feed);
    out.sendFile(file.channel(), file.offset(), file.length()).onComplete(this::fileSent);
  }

  private void fileSent(AsyncResult<Void> result) {
    long announced = ((Content.File) response.content()).length();
    if (result.failed()) {
      broken(result.cause());
    } else if (out.bytesWritten() < announced) {
      broken(new EOFException("the file is shorter than announced"));
    } else {
      finished();
    }
  }

  /// Sends a part of the content; more follows.
  Future<Void> write(byte[] bytes) {
    return write(Unpooled.wrappedBuffer(bytes));
  }

  Future<Void> write(ByteBuf bytes) {
    return out.write(BufferInternal.buffer(bytes));
  }

  /// Changes with each part of a file that the disk gives; null while that is not waited for.
  @Nullable Object fileMark() {
    if (copier != null) {
      return copier.mark();
    }
    return feed != null && feed.isWaiting() ? feed : null;
  }

  /// Sends the last part.
  void end(ByteBuf bytes) {
    Future<Void> taken = out.end(BufferInternal.buffer(bytes));
    if (counted > 0) {
      long bytesOut = counted;
      counted = 0;
      taken.onComplete(_ -> connection.engine().answers.give(bytesOut));
    }
    finished();
  }

  void tell(Observation observation) {
    int status = response.status();
    boolean bodiless = status == NOT_MODIFIED || (head && status < ERRORS);
    observation.ended(status, bodiless ? 0 : length);
  }

  private void finished() {
    release();
    if (closes) {
      connection.closeAfterAnswer();
    }
    connection.finished(exchange);
  }

  /// What was announced cannot be sent: the connection must end, so that the client notices.
  void broken(@Nullable Throwable failure) {
    release();
    if (!connection.channel().isActive()) {
      uncount();
      return;
    }
    LOG.log(Level.ERROR, () -> "answer failed: " + exchange.head().path(), failure);
    if (out.headWritten()) {
      uncount();
      connection.abort("the answer failed");
      return;
    }
    out.headers().clear();
    response = HttpResponse.of(500);
    length = 0;
    out.setStatusCode(500).putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    closes = true;
    end(Unpooled.EMPTY_BUFFER);
  }

  /// Nothing of it will be sent.
  private void uncount() {
    connection.engine().answers.give(counted);
    counted = 0;
  }

  /// Gives back what the content holds, once.
  void release() {
    if (!released) {
      released = true;
      if (feed != null) {
        feed.close();
      } else if (copier != null) {
        copier.close();
      } else if (response.content() instanceof Content.File file) {
        FileFeed.release(connection, file.release());
      } else if (response.content() instanceof Content.Range range) {
        range.release().run();
      }
    }
  }
}
