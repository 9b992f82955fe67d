package dev.berth.server.engine;

import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Sends what is no file: reads it on the handler's thread and stays a few parts ahead of the
/// client, no more.
final class RangeSender {
  private static final Logger LOG = System.getLogger("dev.berth.server.engine");
  private static final int PART_BYTES = 64 << 10;
  private static final int PARTS_AHEAD = 4;

  private final EngineExchange exchange;
  private final Carrier connection;
  private final Content.Range range;
  private final Semaphore ahead = new Semaphore(PARTS_AHEAD);

  /// Bytes read so far; the handler's thread only.
  private long done;

  /// Set on the event loop.
  private @Nullable Answer answer;

  private volatile boolean broken;

  RangeSender(EngineExchange exchange, Carrier connection, Content.Range range) {
    this.exchange = exchange;
    this.connection = connection;
    this.range = range;
  }

  /// Returns when the last part is handed over or the client is gone.
  ///
  /// @throws UncheckedIOException the first part could not be read; nothing is sent
  void send(HttpResponse response) {
    try {
      byte[] first = part();
      if (done == range.length()) {
        connection.onLoop(() -> exchange.answer(response.with(new Content.Bytes(first))));
      } else {
        sendParts(response.with(new Content.None()), first);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      range.release().run();
    }
  }

  private void sendParts(HttpResponse response, byte[] first) {
    connection.onLoop(() -> start(response, first));
    try {
      ahead.acquire();
      while (done < range.length() && !broken) {
        ahead.acquire();
        byte[] next = part();
        boolean last = done == range.length();
        connection.onLoop(() -> pass(next, last));
      }
    } catch (IOException e) {
      LOG.log(Level.ERROR, () -> "answer failed: " + exchange.head().path(), e);
      connection.onLoop(() -> connection.abort("the answer failed"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      connection.onLoop(() -> connection.abort("the server stops"));
    }
  }

  private byte[] part() throws IOException {
    int length = (int) Math.min(PART_BYTES, range.length() - done);
    ByteBuffer target = ByteBuffer.allocate(length);
    while (target.hasRemaining()) {
      int read = range.source().read(target, range.offset() + done + target.position());
      if (read < 0) {
        throw new EOFException("the content is shorter than announced");
      }
    }
    done += length;
    return target.array();
  }

  // On the event loop

  private void start(HttpResponse response, byte[] first) {
    Answer own = exchange.claim(response);
    if (own == null) {
      stop();
      return;
    }
    answer = own;
    own.start();
    own.setLength(range.length());
    pass(first, false);
  }

  private void pass(byte[] bytes, boolean last) {
    if (answer == null || !connection.channel().isActive()) {
      stop();
    } else if (last) {
      answer.end(Unpooled.wrappedBuffer(bytes));
    } else {
      answer.write(
          bytes,
          problem -> {
            broken |= problem != null;
            ahead.release();
          });
    }
  }

  private void stop() {
    broken = true;
    ahead.release(PARTS_AHEAD);
  }
}
