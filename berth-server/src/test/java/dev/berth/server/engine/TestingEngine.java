package dev.berth.server.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// An engine on a free port of 127.0.0.1, and small handlers to put behind it.
final class TestingEngine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// A handler that may throw what it likes.
  interface Handler {
    void handle(HttpExchange exchange) throws Exception;
  }

  static final HttpResponse UNAVAILABLE =
      new HttpResponse(
          503,
          List.of("Content-Type", "application/json", "Retry-After", "1"),
          new Content.Bytes("{\"errors\":[]}".getBytes(StandardCharsets.UTF_8)));

  final HttpEngine engine;

  private TestingEngine(HttpEngine engine) {
    this.engine = engine;
  }

  static EngineSettings settings() {
    return EngineSettings.defaults("127.0.0.1", 0, UNAVAILABLE);
  }

  static TestingEngine start(Handler handler) throws IOException {
    return start(settings(), handler);
  }

  static TestingEngine start(EngineSettings settings, Handler handler) throws IOException {
    return start(settings, MemoryBudget.ofHeap(16), answers(64 << 20), handler);
  }

  static TestingEngine start(
      EngineSettings settings, MemoryBudget heads, AnswerMemory answers, Handler handler)
      throws IOException {
    return start(settings, heads, answers, handler, InstantHandler.NONE);
  }

  static TestingEngine start(EngineSettings settings, Handler handler, InstantHandler instant)
      throws IOException {
    return start(settings, MemoryBudget.ofHeap(16), answers(64 << 20), handler, instant);
  }

  private static TestingEngine start(
      EngineSettings settings,
      MemoryBudget heads,
      AnswerMemory answers,
      Handler handler,
      InstantHandler instant)
      throws IOException {
    return new TestingEngine(
        HttpEngine.start(
            new EngineState(
                settings,
                heads,
                answers,
                exchange -> {
                  try {
                    handler.handle(exchange);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  } catch (RuntimeException e) {
                    throw e;
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                },
                instant,
                () -> false)));
  }

  /// Drains on a thread of its own; has begun when this returns.
  CompletableFuture<Boolean> drain(Duration least, Duration most) {
    CompletableFuture<Boolean> drained =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return engine.drain(least, most);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    eventually("it drains", engine::isDraining);
    return drained;
  }

  CompletableFuture<Boolean> drain(Duration most) {
    return drain(Duration.ZERO, most);
  }

  /// Four may wait, each for 10 s.
  static AnswerMemory answers(long most) {
    return new AnswerMemory(most, 4, Duration.ofSeconds(10));
  }

  int port() {
    return engine.port();
  }

  RawClient connect() throws IOException {
    return new RawClient(port());
  }

  static HttpResponse text(String text) {
    return HttpResponse.of(200).with(new Content.Bytes(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// Reads a body to its end and gives its length.
  static long count(HttpExchange exchange) throws IOException {
    long count = 0;
    for (ByteBuffer next = exchange.body().next(); next != null; next = exchange.body().next()) {
      count += next.remaining();
    }
    return count;
  }

  /// Reads a body to its end as text.
  static String read(HttpExchange exchange) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ByteBuffer next = exchange.body().next(); next != null; next = exchange.body().next()) {
      text.append(StandardCharsets.ISO_8859_1.decode(next));
    }
    return text.toString();
  }

  /// Waits until `condition` holds; fails when it does not come to hold.
  static void eventually(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never: " + what);
      }
      pause(5);
    }
  }

  /// Lets some time go by, to show that nothing happens in it.
  static void pause(long millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
