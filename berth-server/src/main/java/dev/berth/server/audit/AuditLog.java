package dev.berth.server.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The file or stream of the audit log. Lines that must not be lost are with the operating system
/// when [#add] returns, and so survive the end of the process, not loss of power; the others follow
/// within a second. The file is opened anew when something else stands at its path, as after a
/// rotation.
///
/// Nothing here ever fails a request. One thread writes. Where the disk is full or hangs, a request
/// waits a second at most, and later ones not at all until a line was written again; lines are
/// gathered up to a bound, and beyond it dropped, counted and told of in the application's log.
/// Safe for use by many threads.
public final class AuditLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());

  /// Bytes gathered at most; some 10,000 lines.
  private static final int MOST = 4 << 20;

  private static final int BLOCK = 16 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final @Nullable Path path;
  private final AtomicLong dropped = new AtomicLong();
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final Condition ended = lock.newCondition();

  // Under the lock
  private byte[] gathered = new byte[BLOCK];
  private int count;
  private boolean asked;
  private boolean closing;
  private boolean stuck;
  private long roundsBegun;
  private long roundsEnded;

  // Of the thread that writes
  private WritableByteChannel out;
  private @Nullable Object key;

  /// So much of the first line that waits is in the file already: the disk was full in its middle.
  private int torn;

  private boolean failed;
  private long told;

  private AuditLog(@Nullable Path path, WritableByteChannel out, @Nullable Object key) {
    this.path = path;
    this.out = out;
    this.key = key;
    this.writer = Thread.ofPlatform().daemon().name("audit-log").unstarted(this::work);
  }

  private AuditLog started() {
    writer.start();
    return this;
  }

  /// Writes to a stream that is somebody else's to close.
  public static AuditLog to(OutputStream stream) {
    return to(new Whole(stream));
  }

  static AuditLog to(WritableByteChannel channel) {
    return new AuditLog(null, channel, null).started();
  }

  /// Gives a stream all bytes in one call, so that nobody else's come between two lines.
  private record Whole(OutputStream stream) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      byte[] all = new byte[bytes.remaining()];
      bytes.duplicate().get(all);
      stream.write(all);
      stream.flush();
      // Not before: of what failed nothing counts as written.
      bytes.position(bytes.limit());
      return all.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    /// It is somebody else's.
    @Override
    public void close() {}
  }

  /// Writes to the end of a file, which is made where it is missing.
  ///
  /// @throws IOException in one line: it cannot be written, and what to do
  public static AuditLog to(Path path) throws IOException {
    try {
      return new AuditLog(path, append(path), keyOf(path)).started();
    } catch (IOException e) {
      throw new IOException(
          "cannot write the audit log "
              + path
              + " ("
              + reason(e)
              + "); make its folder writable for this process, or change berth.audit.path",
          e);
    }
  }

  private static WritableByteChannel append(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// What tells the file from another at the same path; the path itself where the system cannot.
  private static Object keyOf(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? path : key;
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "its folder is not there";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// Adds a line.
  ///
  /// @param bytes with the end of the line
  /// @param now whether it must be with the operating system when this returns
  void add(byte[] bytes, boolean now) {
    lock.lock();
    try {
      if (count + bytes.length > MOST) {
        dropped.incrementAndGet();
        return;
      }
      if (gathered.length - count < bytes.length) {
        gathered = Arrays.copyOf(gathered, count + bytes.length + BLOCK);
      }
      System.arraycopy(bytes, 0, gathered, count, bytes.length);
      count += bytes.length;
      if (now && !stuck) {
        awaitRound();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Lines lost so far.
  public long dropped() {
    return dropped.get();
  }

  /// Returns when what was gathered is written, or cannot be.
  void flush() {
    lock.lock();
    try {
      awaitRound();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a round that begins later than now.
  private void awaitRound() {
    asked = true;
    wanted.signal();
    long mine = roundsBegun + 1;
    long nanos = PATIENCE.toNanos();
    try {
      while (roundsEnded < mine && nanos > 0) {
        nanos = ended.awaitNanos(nanos);
      }
      stuck |= roundsEnded < mine;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    boolean last = false;
    while (!last) {
      byte[] block;
      lock.lock();
      try {
        awaitWork();
        last = closing;
        asked = false;
        roundsBegun++;
        block = Arrays.copyOf(gathered, count);
      } finally {
        lock.unlock();
      }
      int done = write(block);
      lock.lock();
      try {
        System.arraycopy(gathered, done, gathered, 0, count - done);
        count -= done;
        stuck = failed;
        roundsEnded = roundsBegun;
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
    close(out);
  }

  private void awaitWork() {
    long nanos = PATIENCE.toNanos();
    try {
      while (!asked && !closing && nanos > 0) {
        nanos = wanted.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  /// Gives how many bytes of the block need not be kept: whole lines.
  private int write(byte[] block) {
    ByteBuffer rest = ByteBuffer.wrap(block);
    try {
      if (path != null && (failed || !Objects.equals(key, currentKey(path)))) {
        open(path);
      }
      rest.position(torn);
      while (rest.hasRemaining()) {
        int _ = out.write(rest);
      }
    } catch (IOException e) {
      complain(e);
      int lines = wholeLines(block, rest.position());
      torn = rest.position() - lines;
      return lines;
    }
    torn = 0;
    if (failed) {
      failed = false;
      LOG.log(Level.INFO, "the audit log is written again");
    }
    long lost = dropped.get();
    if (lost > told) {
      LOG.log(Level.ERROR, "the audit log lost {0} lines so far", Long.toString(lost));
      told = lost;
    }
    return block.length;
  }

  private void open(Path file) throws IOException {
    WritableByteChannel fresh = append(file);
    close(out);
    out = fresh;
    Object now = keyOf(file);
    if (!now.equals(key)) {
      // What is in the other file does not count.
      torn = 0;
    }
    key = now;
  }

  /// Bytes up to the last end of a line before `end`.
  private static int wholeLines(byte[] block, int end) {
    int at = end;
    while (at > 0 && block[at - 1] != '\n') {
      at--;
    }
    return at;
  }

  private static @Nullable Object currentKey(Path path) {
    try {
      return keyOf(path);
    } catch (IOException e) {
      return null;
    }
  }

  private void complain(IOException e) {
    if (!failed) {
      LOG.log(Level.ERROR, "cannot write the audit log; lines wait in memory: " + reason(e));
    }
    failed = true;
  }

  /// Writes what is gathered, and waits a little where that hangs.
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      wanted.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!writer.join(PATIENCE)) {
        LOG.log(Level.ERROR, "the audit log hangs; its last lines are lost");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(WritableByteChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Its lines are written, or were told of.
      LOG.log(Level.DEBUG, "closing the audit log failed", e);
    }
  }
}
