package dev.berth.server.doctor;

import dev.berth.server.doctor.WebAnswer.Sending;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads one answer of HTTP/1.1 (RFC 9112) from a connection that carries no other.
final class AnswerReader {
  private static final int MAX_LINE = 64 << 10;
  private static final int MAX_FIELDS = 1000;

  /// Of a body: as much as a manifest may have.
  private static final int MAX_BODY = 4 << 20;

  private static final int FIRST_FINAL = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int HEX = 16;

  /// A record of TLS begins so (RFC 8446, §5.1): an alert.
  private static final int TLS_ALERT = 0x15;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Socket socket;
  private final InputStream in;
  private final long deadline;

  /// @param deadline of [System#nanoTime]
  AnswerReader(Socket socket, long deadline) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.deadline = deadline;
  }

  WebAnswer read(String method) throws IOException {
    int status = 0;
    Map<String, List<String>> fields = Map.of();
    while (status < FIRST_FINAL) {
      status = status(line());
      fields = fields();
    }
    var body = new ByteArrayOutputStream();
    boolean whole = true;
    if (!method.equals("HEAD") && status != NO_CONTENT && status != NOT_MODIFIED) {
      whole = body(fields, body);
    }
    return new WebAnswer(status, fields, body.toByteArray(), whole, Sending.NOTHING);
  }

  private static int status(String line) throws IOException {
    if (!line.isEmpty() && line.charAt(0) == TLS_ALERT) {
      throw new ProtocolException("speaks TLS where plain HTTP is asked");
    }
    if (!line.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
      throw new ProtocolException("does not speak HTTP");
    }
    return Integer.parseInt(line.split(" ", 3)[1]);
  }

  private Map<String, List<String>> fields() throws IOException {
    Map<String, List<String>> fields = new HashMap<>();
    int count = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (++count > MAX_FIELDS) {
        throw new ProtocolException("sends more than " + MAX_FIELDS + " header fields");
      }
      if (colon > 0) {
        fields
            .computeIfAbsent(
                line.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    return fields;
  }

  /// @return whether all of it came, and was kept
  private boolean body(Map<String, List<String>> fields, ByteArrayOutputStream body)
      throws IOException {
    if (String.join(",", fields.getOrDefault("transfer-encoding", List.of())).contains("chunked")) {
      return chunks(body);
    }
    List<String> length = fields.getOrDefault("content-length", List.of());
    if (length.isEmpty()) {
      return take(Long.MAX_VALUE, body) < MAX_BODY;
    }
    long announced = number(length.getFirst(), 10);
    return take(announced, body) == announced;
  }

  private boolean chunks(ByteArrayOutputStream body) throws IOException {
    while (true) {
      long size = number(line().split(";", 2)[0].strip(), HEX);
      if (size == 0) {
        return true;
      }
      if (take(size, body) != size) {
        return false;
      }
      String _ = line();
    }
  }

  private static long number(String digits, int radix) throws IOException {
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException e) {
      throw new ProtocolException("does not speak HTTP: \"" + digits + "\" is no length");
    }
  }

  /// Takes up to `count` bytes, while there is room.
  private long take(long count, ByteArrayOutputStream body) throws IOException {
    byte[] buffer = new byte[1 << 13];
    long taken = 0;
    while (taken < count && body.size() < MAX_BODY) {
      arm();
      int most = (int) Math.min(Math.min(buffer.length, count - taken), MAX_BODY - body.size());
      int read = in.read(buffer, 0, most);
      if (read < 0) {
        return taken;
      }
      body.write(buffer, 0, read);
      taken += read;
    }
    return taken;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (line.size() < MAX_LINE) {
      arm();
      int next = in.read();
      if (next < 0) {
        if (line.size() > 0 && line.toByteArray()[0] == TLS_ALERT) {
          return line.toString(StandardCharsets.ISO_8859_1);
        }
        throw new EOFException("the connection was closed before an answer");
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(next);
    }
    throw new ProtocolException("sends a line of more than " + MAX_LINE + " bytes");
  }

  private void arm() throws IOException {
    long left = (deadline - System.nanoTime()) / NANOS_PER_MILLI;
    if (left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    socket.setSoTimeout((int) left);
  }
}
