package dev.berth.server.http;

import dev.berth.server.engine.RequestHead;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Lines of the access log, gathered in memory and written out by [#flush] alone, so that no
/// request ever waits for whoever reads them. When nobody does, lines are dropped, and counted.
/// Safe for use by many threads.
final class AccessLines {
  private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
  private static final int MILLIS = 1000;

  /// Bytes that the buffer grows by.
  private static final int BLOCK = 64 << 10;

  /// Bytes that wait for the stream at most; some 5,000 lines.
  private static final int MAX_GATHERED = 1 << 20;

  /// With so many bytes the next flush is not waited for.
  private static final int MUCH = MAX_GATHERED / 2;

  /// What a flush waits for one that is stuck in the stream.
  private static final long PATIENCE_SECONDS = 1;

  private static final int ASCII_DELETE = 0x7f;
  private static final int BYTE_END = 0x100;
  private static final String HEX = "0123456789abcdef";

  /// Longest escape of a character: `\\u20ac`.
  private static final int MAX_ESCAPE = 6;

  private final OutputStream out;
  private final ZoneId zone;
  private final ReentrantLock writing = new ReentrantLock();
  private byte[] gathered = new byte[BLOCK];
  private int count;
  private long dropped;
  private long droppedEver;
  private boolean woken;
  private long second = Long.MIN_VALUE;
  private String time = "";
  private volatile boolean broken;

  AccessLines(OutputStream out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  synchronized long droppedEver() {
    return droppedEver;
  }

  /// Adds `client - - [time] "GET /v2/ HTTP/1.1" 200 2 "referer" "agent"`.
  synchronized void add(String client, long startMillis, RequestHead head, int status, long bytes) {
    if (broken) {
      return;
    }
    int before = count;
    line(client, startMillis, head, status, bytes);
    if (count > MAX_GATHERED) {
      count = before;
      dropped++;
      droppedEver++;
    }
    if (count >= MUCH && !woken) {
      woken = true;
      Thread.ofPlatform().daemon().name("access-log").start(this::flush);
    }
  }

  private void line(String client, long startMillis, RequestHead head, int status, long bytes) {
    quoted(client);
    plain(" - - [");
    plain(time(Math.floorDiv(startMillis, MILLIS)));
    plain("] \"");
    quoted(head.method());
    plain(" ");
    quoted(head.path());
    if (!head.query().isEmpty()) {
      plain("?");
      quoted(head.query());
    }
    plain(" ");
    plain(head.version());
    plain("\" ");
    plain(Integer.toString(status));
    plain(" ");
    plain(Long.toString(bytes));
    plain(" \"");
    quoted(head.headers().first("Referer").orElse(""));
    plain("\" \"");
    quoted(head.headers().first("User-Agent").orElse(""));
    plain("\"\n");
  }

  /// Writes out what is gathered, in the caller's thread, while more is gathered. When the stream
  /// fails, logging ends with one line in the application's log. Lines that were dropped since the
  /// last time are told there too.
  void flush() {
    try {
      if (!writing.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      Gathered taken = take();
      write(taken);
    } finally {
      writing.unlock();
    }
  }

  private synchronized Gathered take() {
    var taken = new Gathered(gathered, count, dropped);
    if (count > 0) {
      gathered = new byte[BLOCK];
    }
    count = 0;
    dropped = 0;
    woken = false;
    return taken;
  }

  private void write(Gathered taken) {
    if (taken.count == 0 || broken) {
      return;
    }
    try {
      out.write(taken.bytes, 0, taken.count);
      out.flush();
    } catch (IOException e) {
      broken = true;
      LOG.log(System.Logger.Level.ERROR, "access log stopped: writing it failed", e);
    }
    if (taken.dropped > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "access log dropped {0} lines: nothing reads it fast enough",
          Long.toString(taken.dropped));
    }
  }

  private String time(long now) {
    if (now != second) {
      second = now;
      time = TIME.format(Instant.ofEpochSecond(now).atZone(zone));
    }
    return time;
  }

  private void plain(String ascii) {
    room(ascii.length());
    byte[] bytes = ascii.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, gathered, count, bytes.length);
    count += bytes.length;
  }

  /// What a client sent, so that it can neither end the field nor the line.
  private void quoted(String text) {
    room(text.length() * MAX_ESCAPE);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        gathered[count++] = '\\';
        gathered[count++] = (byte) c;
      } else if (c >= ' ' && c < ASCII_DELETE) {
        gathered[count++] = (byte) c;
      } else {
        escaped(c);
      }
    }
  }

  private void escaped(char c) {
    boolean wide = c >= BYTE_END;
    gathered[count++] = '\\';
    gathered[count++] = (byte) (wide ? 'u' : 'x');
    for (int shift = wide ? 12 : 4; shift >= 0; shift -= 4) {
      gathered[count++] = (byte) HEX.charAt(c >> shift & 0xf);
    }
  }

  private void room(int more) {
    if (gathered.length - count < more) {
      gathered = Arrays.copyOf(gathered, count + more + BLOCK);
    }
  }

  /// @param count how many of the bytes hold lines
  /// @param dropped lines that are not among them for want of room
  // Never compared, so that the array does no harm.
  @SuppressWarnings("ArrayRecordComponent")
  private record Gathered(byte[] bytes, int count, long dropped) {}
}
