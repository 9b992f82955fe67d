package dev.berth.oci;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The bytes of one request body, read once, by one thread, in order.
public interface BodySource {
  /// A body without bytes.
  BodySource EMPTY = () -> null;

  /// Waits for the next run of bytes and gives a buffer positioned at them, of 1 byte or more,
  /// valid until the next call; it may be direct or on the heap. Null at the end of the body.
  ///
  /// @throws IOException the client went away, sent too slowly, or sent less than it announced
  @Nullable ByteBuffer next() throws IOException;
}
