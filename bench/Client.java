import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.SocketFactory;

/// One connection that asks one thing at a time and checks each answer's status. HTTP/1.1 in the
/// few lines that the bench needs, so that the load costs little.
final class Client implements AutoCloseable {
  private final int port;
  private final Socket socket;
  private final String[] always;
  private final InputStream in;
  private final OutputStream out;

  Client(int port) throws IOException {
    this(port, SocketFactory.getDefault());
  }

  /// @param sockets of TLS, or not
  /// @param always fields of every request
  Client(int port, SocketFactory sockets, String... always) throws IOException {
    this.port = port;
    this.always = always;
    socket = sockets.createSocket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 2_000);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(120_000);
    in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    out = socket.getOutputStream();
  }

  /// What came back; header names are in lower case.
  record Reply(int status, Map<String, String> headers, byte[] body) {
    String header(String name) {
      String value = headers.get(name);
      if (value == null) {
        throw new IllegalStateException("no " + name + " in " + headers);
      }
      return value;
    }
  }

  /// Sends a request with `length` bytes of `body` and reads all of the answer.
  ///
  /// @throws IllegalStateException the status is another one
  Reply expect(int status, String method, String target, byte[] body, int length, String... fields)
      throws IOException {
    send(method, target, body, length, fields);
    Reply reply = receive(method.equals("HEAD"));
    if (reply.status != status) {
      throw new IllegalStateException(
          method
              + " "
              + target
              + " on "
              + port
              + ": "
              + reply.status
              + ", not "
              + status
              + ": "
              + new String(reply.body, StandardCharsets.UTF_8));
    }
    return reply;
  }

  Reply get(String target, String... fields) throws IOException {
    return expect(200, "GET", target, new byte[0], 0, fields);
  }

  /// As [#get], for a body that is too large to be kept, or asked for too often.
  void getAndDrop(String target, String... fields) throws IOException {
    send("GET", target, new byte[0], 0, fields);
    String status = line();
    long length = -1;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    if (!status.contains(" 200 ") || length < 0) {
      throw new IllegalStateException(target + " on " + port + ": " + status);
    }
    in.skipNBytes(length);
  }

  /// The target that a `Location` names on the same server.
  static String target(String location) {
    if (location.startsWith("/")) {
      return location;
    }
    URI uri = URI.create(location);
    return uri.getRawQuery() == null
        ? uri.getRawPath()
        : uri.getRawPath() + "?" + uri.getRawQuery();
  }

  private void send(String method, String target, byte[] body, int length, String... fields)
      throws IOException {
    StringBuilder head = new StringBuilder(300);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1:");
    head.append(port).append("\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    for (String field : always) {
      head.append(field).append("\r\n");
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    if (length > 0 && length <= 16 * 1024) {
      byte[] both = new byte[first.length + length];
      System.arraycopy(first, 0, both, 0, first.length);
      System.arraycopy(body, 0, both, first.length, length);
      out.write(both);
      return;
    }
    out.write(first);
    out.write(body, 0, length);
  }

  private Reply receive(boolean head) throws IOException {
    String line = line();
    int status = Integer.parseInt(line.split(" ")[1]);
    Map<String, String> headers = new TreeMap<>();
    for (line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (head || status == 204) {
      return new Reply(status, headers, new byte[0]);
    }
    String length = headers.get("content-length");
    if (length != null) {
      return new Reply(status, headers, exactly(Integer.parseInt(length)));
    }
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return new Reply(status, headers, chunks());
    }
    throw new IOException("an answer without a length: " + headers);
  }

  private byte[] chunks() throws IOException {
    var all = new java.io.ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      all.write(exactly(size));
      line();
    }
    line();
    return all.toByteArray();
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException(bytes.length + " bytes of " + length);
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended within an answer");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
