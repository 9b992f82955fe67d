package dev.berth.server.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Sends a file of a file system whose every call may wait for another machine or process: threads
/// read it piece by piece into memory, and the event loop never touches it. Copies what [FileFeed]
/// need not. Every method runs on the connection's event loop.
final class FileCopier implements FileSending {
  private static final int PIECE_BYTES = 64 << 10;

  /// While many pieces wait for slow clients.
  private static final int SMALL_PIECE_BYTES = 8 << 10;

  private final Carrier connection;
  private final Answer answer;
  private final Content.File file;
  private long done;
  private boolean reading;
  private boolean over;

  FileCopier(Carrier connection, Answer answer, Content.File file) {
    this.connection = connection;
    this.answer = answer;
    this.file = file;
  }

  /// Reads the next piece, and sends it when it is there.
  void next() {
    EngineState engine = connection.engine();
    int most = engine.copies.isSpent() ? SMALL_PIECE_BYTES : PIECE_BYTES;
    int bytes = (int) Math.min(most, file.length() - done);
    long from = file.offset() + done;
    reading = true;
    engine.copies.add(bytes);
    if (!engine.files.submit(() -> read(from, bytes))) {
      arrived(bytes, null, new IOException("too many files wait for the disk"));
    }
  }

  /// On a thread of the pool.
  private void read(long from, int bytes) {
    ByteBuf piece = Unpooled.EMPTY_BUFFER;
    IOException failure = null;
    try {
      piece = connection.channel().alloc().directBuffer(bytes);
      while (piece.isWritable()) {
        int got =
            piece.writeBytes(file.channel(), from + piece.readableBytes(), piece.writableBytes());
        if (got <= 0) {
          throw new EOFException("the file is shorter than announced");
        }
      }
    } catch (IOException e) {
      failure = e;
    } catch (OutOfMemoryError e) {
      failure = new IOException("no memory for a piece of a file", e);
    }
    IOException problem = failure;
    ByteBuf read = piece;
    connection.onLoop(() -> arrived(bytes, read, problem));
  }

  private void arrived(int bytes, @Nullable ByteBuf piece, @Nullable IOException failure) {
    reading = false;
    if (over || failure != null || piece == null) {
      connection.engine().copies.add(-bytes);
      if (piece != null) {
        piece.release();
      }
      if (over) {
        FileFeed.release(connection, file.release());
      } else {
        answer.broken(failure);
      }
      return;
    }
    done += bytes;
    answer.write(piece, problem -> sent(bytes, problem));
  }

  private void sent(int bytes, @Nullable Throwable problem) {
    connection.engine().copies.add(-bytes);
    if (over) {
      return;
    }
    if (problem != null) {
      answer.broken(problem);
    } else if (done == file.length()) {
      answer.end(Unpooled.EMPTY_BUFFER);
    } else {
      next();
    }
  }

  @Override
  public @Nullable Object mark() {
    return reading ? (Object) done : null;
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      if (!reading) {
        FileFeed.release(connection, file.release());
      }
    }
  }
}
