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

  /// Reads the body. The lease must be closed when the bytes are no longer used.
  ///
  /// @throws IOException the client did not send all of it
  Lease read(RequestBody body) throws IOException {
    OptionalLong announced = body.announced();
    if (announced.orElse(0) > limit) {
      return new Lease(Outcome.TOO_LARGE, new byte[0], 0);
    }
    int reserved = (int) announced.orElse(limit);
    if (!reserve(reserved)) {
      return new Lease(Outcome.NO_MEMORY, new byte[0], 0);
    }
    boolean done = false;
    try {
      Lease lease = read(body, announced.isPresent() ? reserved : FIRST_BUFFER, reserved);
      done = true;
      return lease;
    } finally {
      if (!done) {
        bytesLeft.release(reserved);
      }
    }
  }

  private Lease read(BodySource body, int firstBuffer, int reserved) throws IOException {
    byte[] bytes = new byte[firstBuffer];
    int count = 0;
    for (ByteBuffer run = body.next(); run != null; run = body.next()) {
      int length = run.remaining();
      if (length > reserved - count) {
        return new Lease(Outcome.TOO_LARGE, new byte[0], reserved);
      }
      if (length > bytes.length - count) {
        bytes =
            Arrays.copyOf(bytes, Math.min(reserved, Math.max(2 * bytes.length, count + length)));
      }
      run.get(bytes, count, length);
      count += length;
    }
    return new Lease(
        Outcome.READ, count == bytes.length ? bytes : Arrays.copyOf(bytes, count), reserved);
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
