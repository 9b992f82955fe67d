package dev.berth.server.http;

import dev.berth.oci.BodySource;
import dev.berth.server.engine.Content;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.HttpHeaders;
import dev.berth.server.engine.HttpResponse;
import dev.berth.server.engine.RequestHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request made in a test, which keeps its answer and reads its content.
final class FakeExchange implements HttpExchange {
  private final String method;
  private final String target;
  private final List<String> headers = new ArrayList<>();
  private String remote = "10.0.0.7:41234";
  private boolean secure;
  private BodySource body = BodySource.EMPTY;
  private int timesAskedForBody;
  private boolean room = true;
  private boolean over;
  private long setAside;
  private Duration delay = Duration.ZERO;
  private @Nullable HttpResponse response;
  private byte[] content = new byte[0];

  FakeExchange(String method, String target) {
    this.method = method;
    this.target = target;
  }

  FakeExchange header(String name, String value) {
    headers.add(name);
    headers.add(value);
    return this;
  }

  FakeExchange remote(String address) {
    remote = address;
    return this;
  }

  FakeExchange secure() {
    secure = true;
    return this;
  }

  /// A body with `Content-Length`, in runs of at most 7 bytes.
  FakeExchange body(byte[] bytes) {
    return header("Content-Length", Integer.toString(bytes.length)).chunked(bytes);
  }

  FakeExchange body(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A body whose length nobody announces.
  FakeExchange chunked(byte[] bytes) {
    List<ByteBuffer> runs = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += 7) {
      runs.add(ByteBuffer.wrap(bytes, at, Math.min(7, bytes.length - at)).slice());
    }
    Iterator<ByteBuffer> left = runs.iterator();
    body = () -> left.hasNext() ? left.next() : null;
    return this;
  }

  FakeExchange body(BodySource source) {
    body = source;
    return this;
  }

  /// A client that goes away after its first bytes.
  FakeExchange brokenBody(int announced) {
    Iterator<ByteBuffer> left = List.of(ByteBuffer.wrap(new byte[1])).iterator();
    body =
        () -> {
          if (left.hasNext()) {
            return left.next();
          }
          throw new IOException("connection reset");
        };
    return header("Content-Length", Integer.toString(announced));
  }

  @Override
  public RequestHead head() {
    int question = target.indexOf('?');
    return new RequestHead(
        method,
        question < 0 ? target : target.substring(0, question),
        question < 0 ? "" : target.substring(question + 1),
        "HTTP/1.1",
        new FakeHeaders(headers),
        remote,
        secure);
  }

  @Override
  public BodySource body() {
    timesAskedForBody++;
    return body;
  }

  /// How long the answer is held back.
  Duration delay() {
    return delay;
  }

  /// As an engine without memory for large answers.
  FakeExchange withoutRoom() {
    room = false;
    return this;
  }

  @Override
  public boolean setAside(long bytes) {
    setAside += bytes;
    return room;
  }

  /// As an exchange whose client has left.
  FakeExchange over() {
    over = true;
    return this;
  }

  @Override
  public boolean isOver() {
    return over;
  }

  /// Bytes that were asked for.
  long setAside() {
    return setAside;
  }

  @Override
  public void respond(HttpResponse answer, Duration time) {
    delay = time;
    if (response != null) {
      throw new IllegalStateException("answered twice");
    }
    response = answer;
    content =
        switch (answer.content()) {
          case Content.Bytes(byte[] bytes) -> bytes;
          case Content.Length _, Content.None _ -> new byte[0];
          case Content.File file -> {
            Content.Source source = file.channel()::read;
            yield read(source, file.offset(), file.length(), file.release());
          }
          case Content.Range range ->
              read(range.source(), range.offset(), range.length(), range.release());
        };
  }

  private static byte[] read(Content.Source source, long offset, long length, Runnable release) {
    try {
      ByteBuffer target = ByteBuffer.allocate((int) length);
      while (target.hasRemaining()) {
        if (source.read(target, offset + target.position()) < 0) {
          throw new IllegalStateException("content shorter than announced");
        }
      }
      return target.array();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      release.run();
    }
  }

  /// Lets the handler answer.
  FakeExchange through(HttpHandler handler) {
    handler.handle(this);
    return this;
  }

  int status() {
    return answer().status();
  }

  /// The only value of the field; empty where there is none.
  String field(String name) {
    List<String> values = new FakeHeaders(answer().headers()).all(name);
    if (values.size() > 1) {
      throw new IllegalStateException(name + " was sent more than once: " + values);
    }
    return values.isEmpty() ? "" : values.getFirst();
  }

  boolean has(String name) {
    return new FakeHeaders(answer().headers()).first(name).isPresent();
  }

  String text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return content;
  }

  HttpResponse answer() {
    if (response == null) {
      throw new IllegalStateException("not answered");
    }
    return response;
  }

  int timesAskedForBody() {
    return timesAskedForBody;
  }

  private record FakeHeaders(List<String> fields) implements HttpHeaders {
    @Override
    public Optional<String> first(String name) {
      return all(name).stream().findFirst();
    }

    @Override
    public List<String> all(String name) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < fields.size(); i += 2) {
        if (fields.get(i).equalsIgnoreCase(name)) {
          values.add(fields.get(i + 1));
        }
      }
      return values;
    }
  }
}
