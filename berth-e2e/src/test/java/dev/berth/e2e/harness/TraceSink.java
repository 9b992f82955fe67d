package dev.berth.e2e.harness;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// A collector that receives traces by OTLP over HTTP, and understands as much of them as the tests
/// look at.
public final class TraceSink implements AutoCloseable {
  // Numbers of fields in opentelemetry/proto/trace/v1/trace.proto and its neighbours.
  private static final int RESOURCE_SPANS = 1;
  private static final int SCOPE_SPANS = 2;
  private static final int SPANS = 2;
  private static final int TRACE_ID = 1;
  private static final int PARENT_ID = 4;
  private static final int NAME = 5;
  private static final int ATTRIBUTES = 9;
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int TEXT = 1;

  private final LoopbackServer server = new LoopbackServer(this::take);
  private final List<Span> spans = new ArrayList<>();
  private final List<String> fields = new ArrayList<>();
  private final List<String> resources = new ArrayList<>();
  private final int status;

  private TraceSink(int status) {
    this.status = status;
  }

  /// A span as it was sent.
  ///
  /// @param parent empty for none
  /// @param attributes those whose values are text
  public record Span(String trace, String parent, String name, Map<String, String> attributes) {}

  /// Begins to listen.
  ///
  /// @param status what it answers; 0: takes requests and never answers
  public static TraceSink start(int status) {
    return new TraceSink(status);
  }

  public String url() {
    return server.url();
  }

  /// All spans so far, in the order they came.
  public synchronized List<Span> spans() {
    return List.copyOf(spans);
  }

  /// Of each request so far: path, type of its body, and `Authorization`.
  public synchronized List<String> fields() {
    return List.copyOf(fields);
  }

  /// What was said of the senders, as it was sent.
  public synchronized List<String> resources() {
    return List.copyOf(resources);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      var headers = exchange.getRequestHeaders();
      synchronized (this) {
        fields.add(
            String.join(
                " ",
                exchange.getRequestURI().getPath(),
                headers.getFirst("Content-Type"),
                headers.getFirst("Authorization")));
        read(body, RESOURCE_SPANS, this::resource);
      }
      if (status == 0) {
        server.awaitEnd();
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private void resource(byte[] message) {
    read(message, 1, resource -> resources.add(new String(resource, StandardCharsets.UTF_8)));
    read(message, SCOPE_SPANS, scope -> read(scope, SPANS, span -> spans.add(span(span))));
  }

  private static Span span(byte[] message) {
    Map<Integer, byte[]> parts = new TreeMap<>();
    Map<String, String> attributes = new TreeMap<>();
    fields(
        message,
        (number, bytes) -> {
          if (number == ATTRIBUTES) {
            attribute(bytes, attributes);
          } else {
            parts.put(number, bytes);
          }
        });
    byte[] none = new byte[0];
    return new Span(
        HexFormat.of().formatHex(parts.getOrDefault(TRACE_ID, none)),
        HexFormat.of().formatHex(parts.getOrDefault(PARENT_ID, none)),
        new String(parts.getOrDefault(NAME, none), StandardCharsets.UTF_8),
        attributes);
  }

  private static void attribute(byte[] message, Map<String, String> attributes) {
    Map<Integer, byte[]> parts = new TreeMap<>();
    fields(message, parts::put);
    byte[] key = parts.getOrDefault(KEY, new byte[0]);
    read(
        parts.getOrDefault(VALUE, new byte[0]),
        TEXT,
        text ->
            attributes.put(
                new String(key, StandardCharsets.UTF_8), new String(text, StandardCharsets.UTF_8)));
  }

  private static void read(byte[] message, int wanted, java.util.function.Consumer<byte[]> to) {
    fields(
        message,
        (number, bytes) -> {
          if (number == wanted) {
            to.accept(bytes);
          }
        });
  }

  /// Takes a message of protocol buffers apart; only fields with bytes are told of.
  private static void fields(byte[] message, BiConsumer<Integer, byte[]> to) {
    ByteBuffer in = ByteBuffer.wrap(message);
    while (in.hasRemaining()) {
      long tag = varint(in);
      switch ((int) (tag & 7)) {
        case 0 -> varint(in);
        case 1 -> in.getLong();
        case 2 -> {
          byte[] bytes = new byte[(int) varint(in)];
          in.get(bytes);
          to.accept((int) (tag >>> 3), bytes);
        }
        case 5 -> in.getInt();
        default -> throw new AssertionError("no message: type " + (tag & 7));
      }
    }
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    int shift = 0;
    byte next;
    do {
      next = in.get();
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  @Override
  public void close() {
    server.close();
  }
}
