package dev.berth.server.http;

import dev.berth.oci.BodySource;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;

/// Writes a line for each request in the combined format of Apache, as registry 2.8.2 writes it,
/// around another handler. A line is written when the answer has been handed to the engine, with
/// the time of the request's start and the length that the answer's body should have.
///
/// Lines are gathered in memory: whoever builds this calls [#flush] every second, and [#close] at
/// the end. Safe for use by many threads.
public final class AccessLog implements HttpHandler, AutoCloseable {
  private static final int ERROR_STATUS = 400;
  private static final int INTERNAL_ERROR = 500;

  private final HttpHandler next;
  private final AccessLines lines;
  private final Clock clock;

  /// @param out gets whole lines; not closed here
  /// @param clock gives the times, in its zone
  public AccessLog(HttpHandler next, OutputStream out, Clock clock) {
    this.next = next;
    this.lines = new AccessLines(out, clock.getZone());
    this.clock = clock;
  }

  @Override
  public void handle(HttpExchange exchange) {
    long startMillis = clock.millis();
    var noted = new NotedExchange(exchange);
    try {
      next.handle(noted);
    } finally {
      RequestHead head = exchange.head();
      lines.add(ClientAddress.peer(head), startMillis, head, noted.status, noted.bytes);
    }
  }

  @Override
  public boolean needsNoStore(RequestHead head) {
    return next.needsNoStore(head);
  }

  /// Hands the lines gathered so far to the stream.
  public void flush() {
    lines.flush();
  }

  /// Lines that were dropped since the start: nothing read them fast enough.
  public long dropped() {
    return lines.droppedEver();
  }

  @Override
  public void close() {
    lines.flush();
  }

  /// An exchange that notes its answer. Without one the engine answers 500.
  private static final class NotedExchange implements HttpExchange {
    private final HttpExchange exchange;
    private int status = INTERNAL_ERROR;
    private long bytes;

    NotedExchange(HttpExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public RequestHead head() {
      return exchange.head();
    }

    @Override
    public BodySource body() {
      return exchange.body();
    }

    @Override
    public boolean setAside(long bytes) {
      return exchange.setAside(bytes);
    }

    @Override
    public boolean isOver() {
      return exchange.isOver();
    }

    @Override
    public void respond(HttpResponse response, Duration delay) {
      status = response.status();
      bytes = bytes(response);
      exchange.respond(response, delay);
    }

    /// 2.8.2 counts what it wrote, though for HEAD nothing of it was sent: an error's body, but no
    /// content.
    private static long bytes(HttpResponse response) {
      boolean unsent = response.content() instanceof Content.Length;
      return unsent && response.status() < ERROR_STATUS ? 0 : response.content().length();
    }
  }
}
