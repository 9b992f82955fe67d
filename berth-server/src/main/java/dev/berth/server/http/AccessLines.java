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

/// Lines of the access log, gathered and written out by the block. Safe for use by many threads.
final class AccessLines {
  private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT);
  private static final int MILLIS = 1000;

  /// Written out when so much is gathered; what a pipe takes in one piece.
  private static final int BLOCK = 64 << 10;

  private static final int ASCII_DELETE = 0x7f;
  private static final int BYTE_END = 0x100;
  private static final String HEX = "0123456789abcdef";

  /// Longest escape of a character: `\\u20ac`.
  private static final int MAX_ESCAPE = 6;

  private final OutputStream out;
  private final ZoneId zone;
  private byte[] gathered = new byte[BLOCK + (BLOCK >> 2)];
  private int count;
  private long second = Long.MIN_VALUE;
  private String time = "";
  private boolean broken;

  AccessLines(OutputStream out, ZoneId zone) {
    this.out = out;
    this.zone = zone;
  }

  /// Adds `client - - [time] "GET /v2/ HTTP/1.1" 200 2 "referer" "agent"`.
  synchronized void add(String client, long startMillis, RequestHead head, int status, long bytes) {
    if (broken) {
      return;
    }
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
    if (count >= BLOCK) {
      flush();
    }
  }

  /// Writes out what is gathered. When the stream fails, logging ends with one line in the
  /// application's log.
  synchronized void flush() {
    if (count == 0 || broken) {
      return;
    }
    try {
      out.write(gathered, 0, count);
      out.flush();
    } catch (IOException e) {
      broken = true;
      LOG.log(System.Logger.Level.ERROR, "access log stopped: writing it failed", e);
    }
    count = 0;
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
}
