package dev.berth.e2e.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A TCP connection on which a test writes any bytes and reads HTTP/1.1 answers.
final class RawConnection implements AutoCloseable {
  /// Against a hang only.
  private static final int READ_MILLIS = 60_000;

  private static final int MOST_BODY = 16 << 20;

  private final Socket socket;
  private final InputStream in;

  /// @param last the server closes the connection after it
  record Answer(int status, Map<String, String> headers, byte[] body, boolean last) {
    Optional<String> header(String lowerCaseName) {
      return Optional.ofNullable(headers.get(lowerCaseName));
    }
  }

  RawConnection(int port) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), READ_MILLIS);
    socket.setSoTimeout(READ_MILLIS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void write(String text) throws IOException {
    write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// How long [#read] waits for the next bytes.
  void waitAtMost(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /// No more bytes will come from here; answers can still be read.
  void finishWriting() throws IOException {
    socket.shutdownOutput();
  }

  /// The next final answer: `100 Continue` and its like are passed over.
  ///
  /// @throws EOFException the server closed without an answer
  Answer read(boolean toHead) throws IOException {
    while (true) {
      String line = line();
      if (!line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
        throw new IOException("no status line: " + line);
      }
      int status = Integer.parseInt(line.substring(9, 12));
      Map<String, String> headers = headers();
      if (status >= 200) {
        boolean close =
            line.startsWith("HTTP/1.0")
                || "close".equalsIgnoreCase(headers.getOrDefault("connection", ""));
        return new Answer(status, headers, body(status, toHead, headers), close);
      }
    }
  }

  private Map<String, String> headers() throws IOException {
    var headers = new HashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("no header: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] body(int status, boolean toHead, Map<String, String> headers) throws IOException {
    if (toHead || status == 204 || status == 304) {
      return new byte[0];
    }
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      var whole = new ByteArrayOutputStream();
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        whole.write(exactly(size));
        line();
      }
      line();
      return whole.toByteArray();
    }
    String length = headers.get("content-length");
    return length == null ? in.readNBytes(MOST_BODY) : exactly(Integer.parseInt(length));
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line().split(";")[0].strip(), 16);
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(Math.min(size, MOST_BODY));
    if (bytes.length < size) {
      throw new EOFException("body ends after " + bytes.length + " of " + size);
    }
    return bytes;
  }

  private String line() throws IOException {
    var text = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("closed after \"" + text + "\"");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
