package dev.berth.server.http;

import dev.berth.oci.BodySource;
import dev.berth.server.engine.HttpExchange;
import dev.berth.server.engine.HttpHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The body of a request. Asks the client for it (`100 Continue`) only when somebody reads, and
/// remembers whether reading failed. For one thread.
final class RequestBody implements BodySource {
  private final HttpExchange exchange;
  private @Nullable BodySource source;
  private boolean broken;

  RequestBody(HttpExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException {
    try {
      if (source == null) {
        source = exchange.body();
      }
      return source.next();
    } catch (IOException e) {
      broken = true;
      throw e;
    }
  }

  /// Whether the client went away, was too slow or sent less than it announced.
  boolean broken() {
    return broken;
  }

  /// How many bytes the client says there are; empty where it does not say.
  OptionalLong announced() {
    HttpHeaders headers = exchange.head().headers();
    Optional<String> length = headers.first("Content-Length");
    if (length.isPresent()) {
      long bytes = Decimal.parse(length.get().strip());
      // The engine has seen that these are digits: so many that they are no number here.
      return OptionalLong.of(bytes < 0 ? Long.MAX_VALUE : bytes);
    }
    boolean none =
        exchange.head().version().startsWith("HTTP/1")
            && headers.first("Transfer-Encoding").isEmpty();
    return none ? OptionalLong.of(0) : OptionalLong.empty();
  }
}
