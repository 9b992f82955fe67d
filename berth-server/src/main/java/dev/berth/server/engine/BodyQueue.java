package dev.berth.server.engine;

import dev.berth.oci.BodySource;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The bytes of one request body between the connection's event loop, which puts pooled buffers in,
/// and the handler's thread, which takes them out. Owns every buffer from [#offer] until its reader
/// asks for the next one, or until [#close].
final class BodyQueue implements BodySource {
  /// Most bytes that wait in one queue before the socket is not read any more.
  static final int FULL_BYTES = 256 << 10;

  /// The same as long as nobody reads (requests that wait for a thread hold little memory), and
  /// when all queues together hold much.
  static final int FULL_BYTES_SHORT = 64 << 10;

  /// Where nobody reads yet.
  private static final int FULL_BYTES_UNREAD = 16 << 10;

  /// Below this the socket is read again: late enough to make it one wake-up for several buffers,
  /// early enough that the reader does not run dry.
  private static final int RESUME_BYTES = 128 << 10;

  /// Buffers smaller than this are copied together: a body in chunks of one byte must not become a
  /// million objects.
  private static final int CRUMB_BYTES = 1024;

  private static final int GATHER_BYTES = 16 << 10;

  /// Of every request without a body.
  static final BodyQueue EMPTY = new BodyQueue(new MemoryBudget(0), () -> {}, () -> {});

  static {
    EMPTY.end();
  }

  private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>();
  private final MemoryBudget budget;
  private final Runnable onFirstRead;
  private final Runnable resume;
  private @Nullable ByteBuf gathering;
  private int queued;
  private boolean read;
  private boolean paused;
  private boolean waiting;
  private boolean ended;
  private boolean closed;
  private @Nullable IOException failure;

  /// In the reader's hands; touched by its thread only.
  private @Nullable ByteBuf current;

  /// Both are run under the queue's lock and must only pass the word on.
  ///
  /// @param onFirstRead the reader is about to wait for bytes for the first time
  /// @param resume the socket may be read again
  BodyQueue(MemoryBudget budget, Runnable onFirstRead, Runnable resume) {
    this.budget = budget;
    this.onFirstRead = onFirstRead;
    this.resume = resume;
  }

  /// Takes over a buffer with at least one byte. Event loop only.
  ///
  /// @return false if the socket should not be read until `resume` runs
  synchronized boolean offer(ByteBuf data) {
    if (closed || failure != null) {
      data.release();
      return true;
    }
    if (data.readableBytes() < CRUMB_BYTES && !chunks.isEmpty()) {
      gather(data);
    } else {
      add(data);
    }
    // Once paused it stays so until the reader has made room: what one read of the socket gave goes
    // on coming, and a buffer that finds the queue below its bound again must not lose the resume.
    paused |= queued >= bound();
    if (paused) {
      signal();
    }
    return !paused;
  }

  /// A request that waits for its thread holds little: there are many of them.
  private int bound() {
    if (!read) {
      return FULL_BYTES_UNREAD;
    }
    return budget.isSpent() ? FULL_BYTES_SHORT : FULL_BYTES;
  }

  private void gather(ByteBuf crumb) {
    ByteBuf target = gathering;
    if (target == null || target.writableBytes() < crumb.readableBytes()) {
      target = crumb.alloc().directBuffer(GATHER_BYTES, GATHER_BYTES);
      add(target);
      gathering = target;
    }
    target.writeBytes(crumb);
    crumb.release();
  }

  private void add(ByteBuf data) {
    chunks.add(data);
    count(cost(data));
    gathering = null;
  }

  private void count(int bytes) {
    queued += bytes;
    budget.add(bytes);
  }

  /// What the queue's bound counts: the memory, not the bytes so far in it.
  private static int cost(ByteBuf data) {
    return Math.max(data.capacity(), CRUMB_BYTES);
  }

  /// Wakes the reader, if it waits. Event loop only, once per round of reads rather than per
  /// buffer.
  synchronized void signal() {
    if (waiting && (!chunks.isEmpty() || ended || failure != null)) {
      waiting = false;
      notifyAll();
    }
  }

  /// All bytes came.
  synchronized void end() {
    ended = true;
    paused = false;
    signal();
  }

  /// No more bytes will come, and those that came are of no use. Does nothing after [#end].
  synchronized void fail(IOException cause) {
    if (!ended && failure == null) {
      failure = cause;
      releaseQueued();
      signal();
    }
  }

  /// Whether the last byte came.
  synchronized boolean ended() {
    return ended;
  }

  synchronized boolean failed() {
    return failure != null;
  }

  /// Whether bytes can still come, and nobody will want them.
  synchronized boolean abandoned() {
    return closed && !ended && failure == null;
  }

  @Override
  public @Nullable ByteBuffer next() throws IOException {
    releaseCurrent();
    ByteBuf taken = take();
    current = taken;
    return taken == null ? null : taken.nioBuffer();
  }

  private synchronized @Nullable ByteBuf take() throws IOException {
    if (!read) {
      read = true;
      if (chunks.isEmpty() && !ended) {
        onFirstRead.run();
      }
    }
    await();
    ByteBuf taken = chunks.poll();
    if (taken != null) {
      count(-cost(taken));
      gathering = chunks.isEmpty() ? null : gathering;
    }
    if (paused && queued < (budget.isSpent() ? FULL_BYTES_SHORT : RESUME_BYTES)) {
      paused = false;
      resume.run();
    }
    return taken;
  }

  private void await() throws IOException {
    while (chunks.isEmpty() && !ended) {
      if (failure != null) {
        throw new IOException(failure.getMessage(), failure);
      }
      if (closed) {
        throw new IOException("the request is over, its body is gone");
      }
      waiting = true;
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
      }
    }
  }

  /// The reader is done: gives back all buffers, now and as they come. Reader's thread, or any
  /// where there is no reader.
  void close() {
    releaseCurrent();
    synchronized (this) {
      closed = true;
      releaseQueued();
    }
  }

  private void releaseCurrent() {
    ByteBuf buffer = current;
    if (buffer != null) {
      current = null;
      buffer.release();
    }
  }

  private void releaseQueued() {
    chunks.forEach(ByteBuf::release);
    chunks.clear();
    gathering = null;
    count(-queued);
  }
}
