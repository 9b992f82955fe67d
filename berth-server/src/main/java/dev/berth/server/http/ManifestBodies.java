package dev.berth.server.http;

import dev.berth.oci.BodySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads manifests into memory: each bounded, and all that are there at one time bounded together.
/// Whoever finds no room left waits to be the one that has room of its own, enough for the largest
/// manifest: so several that each need more than there is come to their end one after the other.
/// Safe for use by many threads.
final class ManifestBodies {
  /// Long enough for a burst of pushes to pass, short enough to keep a thread waiting.
  private static final long WAIT_SECONDS = 5;

  /// Who comes when so many wait is told at once to come again: their threads are needed.
  private static final int MOST_WAITING = 24;

  /// For many small ones, however small the heap is.
  private static final int LEAST_COMMON = 1 << 20;

  private static final int FIRST_BUFFER = 16 << 10;

  /// Room counted for each byte: it is in memory once and a half while its buffer grows, and what
  /// is read out of a manifest takes about half of it.
  private static final int COST = 2;

  private final int limit;
  private final Semaphore bytesLeft;
  private final Semaphore ownRoom = new Semaphore(1, true);

  /// @param limit bytes of one manifest
  /// @param inFlight bytes that may be taken at one time; room for one of the largest manifests is
  ///   there in any case, and taken off it
  ManifestBodies(int limit, int inFlight) {
    this.limit = limit;
    this.bytesLeft = new Semaphore(Math.max(LEAST_COMMON, inFlight - limit * COST), true);
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
      return new Lease(Outcome.TOO_LARGE, null);
    }
    Buffer buffer = new Buffer((int) announced.orElse(limit));
    Outcome outcome = Outcome.NO_MEMORY;
    try {
      outcome = fill(buffer, body);
    } finally {
      if (outcome != Outcome.READ) {
        buffer.giveBack();
      }
    }
    return new Lease(outcome, outcome == Outcome.READ ? buffer : null);
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
  final class Buffer {
    private final int most;
    private byte[] bytes = new byte[0];
    private int count;

    /// Taken of the common room; whether the other one is taken too.
    private int taken;

    private boolean alone;

    Buffer(int most) {
      this.most = most;
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
        if (!reserve((size - bytes.length) * COST)) {
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

    private boolean reserve(int more) {
      if (alone) {
        return true;
      }
      if (bytesLeft.tryAcquire(more)) {
        taken += more;
        return true;
      }
      try {
        alone =
            ownRoom.getQueueLength() < MOST_WAITING
                && ownRoom.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return alone;
    }

    void giveBack() {
      bytesLeft.release(taken);
      taken = 0;
      if (alone) {
        alone = false;
        ownRoom.release();
      }
    }
  }

  /// How reading ended.
  enum Outcome {
    READ,
    TOO_LARGE,
    NO_MEMORY
  }

  /// Bytes in memory until it is closed.
  static final class Lease implements AutoCloseable {
    private final Outcome outcome;
    private final @Nullable Buffer buffer;

    Lease(Outcome outcome, @Nullable Buffer buffer) {
      this.outcome = outcome;
      this.buffer = buffer;
    }

    Outcome outcome() {
      return outcome;
    }

    /// The manifest; empty unless it was read.
    byte[] bytes() {
      return buffer == null ? new byte[0] : buffer.content();
    }

    @Override
    public void close() {
      if (buffer != null) {
        buffer.giveBack();
      }
    }
  }
}
