package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sending of one answer. Every method runs on the connection's event loop.
abstract class Answer {
  private static final Logger LOG = System.getLogger("dev.berth.server.engine");

  /// What registry 2.8.2 and others write down for a client that did not wait.
  static final int CLIENT_LEFT = 499;

  private static final int ERRORS = 400;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Carrier connection;
  private final EngineExchange exchange;
  private final boolean head;
  private HttpResponse response;
  private boolean closes;

  /// What `Content-Length` says.
  private long length;

  /// Bytes of it that the memory for answers knows of.
  private long counted;

  private boolean released;

  /// The file that is sent.
  private @Nullable FileSending sending;

  Answer(Carrier connection, EngineExchange exchange, HttpResponse response) {
    this.connection = connection;
    this.exchange = exchange;
    this.response = response;
    this.head = exchange.head().method().equals("HEAD");
  }

  /// Sets status and fields, sends nothing yet.
  ///
  /// @param closes whether the carrier ends with this answer
  abstract void setHead(HttpResponse response, boolean closes);

  /// Sets the field `Content-Length`.
  abstract void setLengthField(long bytes);

  /// Forgets what was set. Nothing is sent yet.
  abstract void clearHead();

  /// Whether anything is sent.
  abstract boolean isBegun();

  /// Sends a part of the content, and the head before the first; more follows. Takes one reference
  /// to the bytes.
  ///
  /// @param sent is told when the socket has them, or why it never will
  abstract void write(ByteBuf bytes, Consumer<@Nullable Throwable> sent);

  /// Sends the last part, gives back what is counted when the client's socket has it, and calls
  /// [#finished].
  abstract void end(ByteBuf bytes);

  /// Sends a file as content.
  abstract void sendFile(Content.File file);

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

  /// Bytes of content that wait uncounted: a connection has one such answer beyond what its socket
  /// takes at most.
  int freeBytes() {
    return HttpExchange.FREE_BYTES;
  }

  /// Small ones always are.
  private boolean isAffordable() {
    int bytes = !head && response.content() instanceof Content.Bytes(byte[] all) ? all.length : 0;
    int needed = bytes > freeBytes() ? bytes : 0;
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
      sendLength(length.length());
    } else if (content instanceof Content.File file) {
      if (head || file.length() == 0) {
        sendLength(file.length());
      } else {
        setLength(file.length());
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
    setHead(response, closes);
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
    setLengthField(bytes);
  }

  /// Has a thread read the file piece by piece.
  void copy(Content.File file) {
    FileCopier copier = new FileCopier(connection, this, file);
    sending = copier;
    copier.next();
  }

  /// The file that is sent, for who closes it and looks after it.
  void sending(FileSending file) {
    sending = file;
  }

  /// Sends a part of the content; more follows.
  void write(byte[] bytes, Consumer<@Nullable Throwable> sent) {
    write(Unpooled.wrappedBuffer(bytes), sent);
  }

  /// Changes with each part of a file that the disk gives; null while that is not waited for.
  @Nullable Object fileMark() {
    return sending == null ? null : sending.mark();
  }

  /// What is counted, from now on to be given back by the caller.
  long takeCounted() {
    long bytes = counted;
    counted = 0;
    return bytes;
  }

  void tell(Observation observation) {
    int status = response.status();
    boolean bodiless = status == NOT_MODIFIED || (head && status < ERRORS);
    observation.ended(status, bodiless ? 0 : length);
  }

  /// The last part is handed over.
  void finished() {
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
    if (isBegun()) {
      uncount();
      connection.abort("the answer failed");
      return;
    }
    response = HttpResponse.of(500);
    length = 0;
    closes = true;
    clearHead();
    setHead(response, closes);
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
      if (sending != null) {
        sending.close();
      } else if (response.content() instanceof Content.File file) {
        FileFeed.release(connection, file.release());
      } else if (response.content() instanceof Content.Range range) {
        range.release().run();
      }
    }
  }
}
