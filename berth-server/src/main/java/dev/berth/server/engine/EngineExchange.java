package dev.berth.server.engine;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One request on its way through a pool's thread and back. The answer is decided on the event loop
/// alone: whoever comes first there (the handler, the timeout, a broken body) gives it, later ones
/// are dropped and their files released.
abstract class EngineExchange implements HttpExchange, Runnable {
  private static final Logger LOG = System.getLogger("dev.berth.server.engine");

  private final Carrier connection;
  private final BodyQueue body;
  private final RequestHead head;
  private final Observation observation;

  /// Set on the event loop.
  private volatile boolean answered;

  private @Nullable Answer answer;

  /// Set by the handler's thread.
  private boolean responded;

  /// Set aside for the answer, and not handed to it yet.
  private final AtomicLong room = new AtomicLong();

  /// What the request takes of memory; 0 once that is given back.
  private long headBytes;

  EngineExchange(Carrier connection, RequestHead head, BodyQueue body, long headBytes) {
    this.connection = connection;
    this.head = head;
    this.body = body;
    this.headBytes = headBytes;
    this.observation = connection.engine().handler.observe(head);
  }

  /// A sending of this answer, which has not begun.
  abstract Answer newAnswer(HttpResponse response);

  /// Sends `100 Continue`.
  abstract void writeContinue();

  /// Address and port, for example `10.0.0.7:41234`.
  static String remote(SocketAddress address) {
    String text = address.toString();
    return text.substring(text.indexOf('/') + 1);
  }

  @Override
  public RequestHead head() {
    return head;
  }

  @Override
  public BodyQueue body() {
    return body;
  }

  /// On a thread of a pool.
  @Override
  public void run() {
    try {
      if (!answered) {
        connection.engine().handler.handle(this);
        if (!responded) {
          throw new IllegalStateException("the handler gave no answer");
        }
      }
    } catch (Throwable failure) {
      // Whatever it was, the client gets an answer and the thread goes on. A client that left, or
      // sent nonsense, is no failure of the handler.
      Level level = body.failed() ? Level.DEBUG : Level.ERROR;
      LOG.log(level, () -> "request failed: " + head.method() + " " + head.path(), failure);
      connection.onLoop(() -> refuse(500));
      giveRoomBack();
    } finally {
      leaveBody();
    }
  }

  private void leaveBody() {
    if (body != BodyQueue.EMPTY) {
      body.close();
      connection.onLoop(connection::abandoned);
    }
  }

  @Override
  public boolean setAside(long bytes) {
    boolean taken = connection.engine().answers.take(bytes);
    if (taken) {
      room.addAndGet(bytes);
    }
    return taken;
  }

  @Override
  public boolean isOver() {
    return answered;
  }

  private void giveRoomBack() {
    long bytes = room.getAndSet(0);
    if (bytes > 0) {
      connection.engine().answers.give(bytes);
    }
  }

  @Override
  public void respond(HttpResponse response, Duration delay) {
    if (responded) {
      throw new IllegalStateException("answered twice");
    }
    if (response.content() instanceof Content.Range range && !isHead()) {
      new RangeSender(this, connection, range).send(response);
    } else {
      if (response.content() instanceof Content.File file && !isHead() && !answered) {
        connection.fetchFirst(file);
      }
      Runnable answering = () -> handOver(response);
      if (delay.isZero()) {
        connection.onLoop(answering);
      } else {
        connection.onLoopAfter(delay, answering);
      }
    }
    responded = true;
  }

  // On the event loop from here on

  private void handOver(HttpResponse response) {
    Answer own = claim(response);
    if (own != null) {
      own.send(room.getAndSet(0));
    }
    giveRoomBack();
  }

  /// Sends an answer, if there is none yet.
  void answer(HttpResponse response) {
    Answer own = claim(response);
    if (own != null) {
      own.send(0);
    }
  }

  /// The one answer of this exchange, if there is none yet and somebody is there to read it; else
  /// what `response` holds is released.
  @Nullable Answer claim(HttpResponse response) {
    Answer own = newAnswer(response);
    if (answered || !connection.channel().isActive()) {
      own.release();
      return null;
    }
    answered = true;
    answer = own;
    connection.answering(this);
    return own;
  }

  /// Answers in place of a handler, in plain text; ends the connection if an answer is on its way
  /// already.
  void refuse(int status) {
    if (answered) {
      connection.closeAfterAnswer();
    } else {
      answer(Answer.plain(status));
    }
  }

  /// No thread is free for this request, or none is needed.
  void answerWithoutThread(HttpResponse response) {
    leaveBody();
    answer(response);
  }

  /// The handler took too long; what it will answer is dropped.
  void timeOut() {
    LOG.log(Level.WARNING, () -> "no answer in time: " + head.method() + " " + head.path());
    answer(connection.engine().settings.unavailable());
  }

  /// As [#timeOut], for a request that may have more body to come.
  void giveUp() {
    body.fail(new IOException("the store did not take the body in time"));
    connection.closeAfterAnswer();
    timeOut();
  }

  @Nullable Object fileMark() {
    return answer == null ? null : answer.fileMark();
  }

  boolean isUnanswered() {
    return !answered;
  }

  /// What the request takes of memory, to be given back once.
  long takeHeadBytes() {
    long bytes = headBytes;
    headBytes = 0;
    return bytes;
  }

  /// Whether neither the client's bytes nor an answer are under way.
  boolean onlyHandlerIsWaitedFor() {
    return !answered && body == BodyQueue.EMPTY && isRead();
  }

  /// Whether the request only reads.
  boolean isRead() {
    return isHead() || head.method().equals("GET");
  }

  /// Sends `100 Continue`; does nothing after the answer.
  void sendContinue() {
    if (!answered) {
      writeContinue();
    }
  }

  /// The answer is handed to the socket, or can never be.
  void ended() {
    if (answer == null) {
      observation.ended(Answer.CLIENT_LEFT, 0);
    } else {
      answer.tell(observation);
    }
  }

  /// The connection is gone.
  void disconnected() {
    answered = true;
    if (answer != null) {
      answer.release();
    }
  }

  private boolean isHead() {
    return head.method().equals("HEAD");
  }
}
