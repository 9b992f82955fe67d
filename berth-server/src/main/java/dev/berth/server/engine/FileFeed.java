package dev.berth.server.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A file that is being sent, and how much of it the event loop may send. The kernel would read
/// from the disk what is not in its page cache, and the loop, with all its connections, would wait:
/// for ever where the disk hangs. So a thread goes ahead and has the kernel read; the loop sends
/// only what is there, still without copying it. Closing, which may ask the disk too, is left to a
/// thread as well. Every method but [#fetchFirst] runs on the connection's event loop.
final class FileFeed implements FileSending {
  /// What the handler's own thread has read before the answer begins.
  private static final long FIRST_BYTES = 1 << 20;

  /// With less than this the next part is read, up to the second.
  private static final long LEAST_AHEAD = 1 << 20;

  private static final long MOST_AHEAD = 3 << 20;

  /// Where bytes are "sent" to have them read: the kernel hands over its pages, nothing is copied.
  /// Null where there is no such thing; then the loop reads as best it can.
  private static final @Nullable FileChannel NOWHERE = nowhere();

  private final Carrier connection;
  private final Content.File file;
  private final long end;
  private final AtomicBoolean released = new AtomicBoolean();

  /// What is sent, and what is in the page cache, up to here.
  private long next;

  private long fetched;
  private boolean fetching;
  private boolean over;
  private @Nullable Runnable whenFetched;
  private @Nullable Runnable whenOver;

  FileFeed(Carrier connection, Content.File file) {
    this.connection = connection;
    this.file = file;
    this.end = file.offset() + file.length();
    this.next = file.offset();
    this.fetched = NOWHERE == null ? end : Math.min(end, next + FIRST_BYTES);
  }

  private static @Nullable FileChannel nowhere() {
    try {
      return FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE);
    } catch (IOException e) {
      return null;
    }
  }

  /// Reads the first part, on the handler's thread, which may wait.
  static void fetchFirst(Content.File file) {
    fetch(file.channel(), file.offset(), Math.min(file.length(), FIRST_BYTES));
  }

  /// Errors are left to be found by who sends.
  private static void fetch(FileChannel channel, long from, long bytes) {
    FileChannel nowhere = NOWHERE;
    if (nowhere == null) {
      return;
    }
    try {
      long done = 0;
      for (long moved = 1; moved > 0 && done < bytes; done += moved) {
        moved = channel.transferTo(from + done, bytes - done, nowhere);
      }
    } catch (IOException e) {
      System.getLogger("dev.berth.server.engine")
          .log(System.Logger.Level.DEBUG, "cannot read ahead", e);
    }
  }

  /// Asks for more bytes to be sent.
  ///
  /// @param send is run when they can be, now or later
  /// @param drop is run in its place where that never comes
  void take(long bytes, Runnable send, Runnable drop) {
    if (allows(next - file.offset() + bytes, send, drop)) {
      send.run();
    }
  }

  /// Whether the first so many bytes of the answer can be sent; if not, `later` is run when they
  /// can, or `never`.
  boolean allows(long sent, Runnable later, Runnable never) {
    next = Math.min(end, file.offset() + sent);
    boolean allowed = fetched >= next || over;
    if (!allowed) {
      whenFetched = later;
      whenOver = never;
    }
    goAhead();
    return allowed;
  }

  private void goAhead() {
    if (fetching || over || fetched >= Math.min(end, next + LEAST_AHEAD)) {
      return;
    }
    fetching = true;
    long from = fetched;
    long until = Math.min(end, next + MOST_AHEAD);
    boolean taken =
        connection
            .engine()
            .files
            .submit(
                () -> {
                  fetch(file.channel(), from, until - from);
                  connection.onLoop(() -> fetched(until));
                });
    if (!taken) {
      fetched(until);
    }
  }

  private void fetched(long until) {
    fetching = false;
    fetched = until;
    if (over) {
      release();
      return;
    }
    Runnable send = whenFetched;
    if (send != null && fetched >= next) {
      whenFetched = null;
      whenOver = null;
      send.run();
    }
    goAhead();
  }

  @Override
  public @Nullable Object mark() {
    return whenFetched == null ? null : this;
  }

  @Override
  public void close() {
    over = true;
    Runnable drop = whenOver;
    whenFetched = null;
    whenOver = null;
    if (!fetching) {
      release();
    }
    if (drop != null) {
      drop.run();
    }
  }

  private void release() {
    if (!released.getAndSet(true)) {
      release(connection, file.release());
    }
  }

  /// Has a thread give back what an answer held.
  static void release(Carrier connection, Runnable release) {
    if (!connection.engine().files.submit(release)) {
      release.run();
    }
  }
}
