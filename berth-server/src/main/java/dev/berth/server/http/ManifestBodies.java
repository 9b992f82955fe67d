package dev.berth.server.http;

import dev.berth.oci.BodySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Reads manifests into memory: each bounded, and all that are there at one time bounded together.
/// Safe for use by many threads.
final class ManifestBodies {
  /// Long enough for a burst of pushes to pass, short enough to keep a thread waiting.
  private static final long WAIT_SECONDS = 2;

  private static final int FIRST_BUFFER = 16 << 10;

  private final int limit;
  private final Semaphore bytesLeft;

  /// @param limit bytes of one manifest
  /// @param inFlight bytes of all manifests in memory, no less than `limit`
  ManifestBodies(int limit, int inFlight) {
    this.limit = limit;
    this.bytesLeft = new Semaphore(inFlight, true);
  }

  int limit() {
    return limit;
  }

  /// Reads the body. Room is taken as bytes come and not as they are announced: who announces much
  /// and sends little keeps nobody out. The lease must be closed when the bytes are no longer used.
  ///
  /// @throws IOException the client did not send all of it
  Lease read(RequestBody body) throws IOException {
    OptionalLong announced = body.announced();
    if (announced.orElse(0) > limit) {
      return new Lease(Outcome.TOO_LARGE, new byte[0], 0);
    }
    Buffer buffer = new Buffer((int) announced.orElse(limit));
    Outcome outcome = Outcome.NO_MEMORY;
    try {
      outcome = fill(buffer, body);
    } finally {
      if (outcome != Outcome.READ) {
        bytesLeft.release(buffer.reserved());
      }
    }
    return outcome == Outcome.READ
        ? new Lease(outcome, buffer.content(), buffer.reserved())
        : new Lease(outcome, new byte[0], 0);
  }

  private Outcome fill(Buffer buffer, BodySource body) throws IOException {
    for (ByteBuffer run = body.next(); run != null; run = body.next()) {
      if (run.remaining() > buffer.room()) {
        return Outcome.TOO_LARGE;
      }
      if (!buffer.add(run)) {
        return Outcome.NO_MEMORY;
      }
    }
    return Outcome.READ;
  }

  /// Bytes of one manifest, and the room taken for them.
  private final class Buffer {
    private final int most;
    private byte[] bytes = new byte[0];
    private int count;

    Buffer(int most) {
      this.most = most;
    }

    int reserved() {
      return bytes.length;
    }

    int room() {
      return most - count;
    }

    /// False where there is no room in time.
    boolean add(ByteBuffer run) {
      int length = run.remaining();
      if (length > bytes.length - count) {
        int wanted = Math.max(count + length, Math.max(FIRST_BUFFER, 2 * bytes.length));
        int size = Math.min(most, wanted);
        if (!reserve(size - bytes.length)) {
          return false;
        }
        bytes = Arrays.copyOf(bytes, size);
      }
      run.get(bytes, count, length);
      count += length;
      return true;
    }

    byte[] content() {
      return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    }
  }

  private boolean reserve(int count) {
    try {
      return bytesLeft.tryAcquire(count, WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// How reading ended.
  enum Outcome {
    READ,
    TOO_LARGE,
    NO_MEMORY
  }

  /// Bytes in memory until it is closed.
  final class Lease implements AutoCloseable {
    private final Outcome outcome;
    private final byte[] bytes;
    private final int reserved;

    Lease(Outcome outcome, byte[] bytes, int reserved) {
      this.outcome = outcome;
      this.bytes = bytes;
      this.reserved = reserved;
    }

    Outcome outcome() {
      return outcome;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public void close() {
      bytesLeft.release(reserved);
    }
  }
}
