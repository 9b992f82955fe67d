package dev.berth.server.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The file or stream of the audit log. Lines that must not be lost are handed to the operating
/// system when [#add] returns, and so survive the end of the process, not loss of power; the others
/// are gathered, and go out with those or by [#flush], which whoever builds this calls every
/// second. The file is opened anew when something else stands at its path, as after a rotation.
///
/// Nothing here ever fails a request. Where the disk is full or hangs, a request waits a second at
/// most; lines are gathered up to a bound, and beyond it dropped, counted and told of in the
/// application's log. Safe for use by many threads.
public final class AuditLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());

  /// Bytes gathered at most; some 10,000 lines.
  private static final int MOST = 4 << 20;

  private static final int BLOCK = 16 << 10;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final @Nullable Path path;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicLong dropped = new AtomicLong();
  private final Object gathering = new Object();
  private byte[] gathered = new byte[BLOCK];
  private int count;

  // Under the lock `writing`
  private OutputStream out;
  private @Nullable Object key;
  private boolean failed;
  private long told;

  private AuditLog(@Nullable Path path, OutputStream out, @Nullable Object key) {
    this.path = path;
    this.out = out;
    this.key = key;
  }

  /// Writes to a stream that is somebody else's to close.
  public static AuditLog to(OutputStream stream) {
    return new AuditLog(null, stream, null);
  }

  /// Writes to the end of a file, which is made where it is missing.
  ///
  /// @throws IOException in one line: it cannot be written, and what to do
  public static AuditLog to(Path path) throws IOException {
    try {
      OutputStream stream = append(path);
      return new AuditLog(path, stream, keyOf(path));
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

  private static OutputStream append(Path path) throws IOException {
    return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
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
    synchronized (gathering) {
      if (count + bytes.length > MOST) {
        dropped.incrementAndGet();
        return;
      }
      if (gathered.length - count < bytes.length) {
        gathered = Arrays.copyOf(gathered, count + bytes.length + BLOCK);
      }
      System.arraycopy(bytes, 0, gathered, count, bytes.length);
      count += bytes.length;
    }
    if (now) {
      writeGathered(false);
    }
  }

  /// Lines lost so far.
  public long dropped() {
    return dropped.get();
  }

  /// Writes what is gathered, to the file that stands at the path now.
  public void flush() {
    writeGathered(true);
  }

  private void writeGathered(boolean looks) {
    boolean locked = false;
    try {
      locked = writing.tryLock(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
      if (locked) {
        write(looks);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      complain(e);
    } finally {
      if (locked) {
        writing.unlock();
      }
    }
  }

  private void write(boolean looks) throws IOException {
    if (path != null && (failed || (looks && !Objects.equals(key, currentKey(path))))) {
      OutputStream fresh = append(path);
      close(out);
      out = fresh;
      key = keyOf(path);
    }
    byte[] lines;
    synchronized (gathering) {
      lines = Arrays.copyOf(gathered, count);
    }
    if (lines.length > 0) {
      out.write(lines);
      out.flush();
      forget(lines.length);
    }
    if (failed) {
      failed = false;
      LOG.log(Level.INFO, "the audit log is written again");
    }
    long lost = dropped.get();
    if (lost > told) {
      LOG.log(Level.ERROR, "the audit log lost {0} lines so far", Long.toString(lost));
      told = lost;
    }
  }

  private void forget(int length) {
    synchronized (gathering) {
      System.arraycopy(gathered, length, gathered, 0, count - length);
      count -= length;
    }
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

  @Override
  public void close() {
    flush();
    if (path != null) {
      close(out);
    }
  }

  private static void close(OutputStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // Its lines are written, or were told of.
      LOG.log(Level.DEBUG, "closing the audit log failed", e);
    }
  }
}
