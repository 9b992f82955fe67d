package dev.berth.server.engine;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A client that sends exactly the frames of HTTP/2 it is told to (RFC 9113 §6), and reads frames
/// one by one.
final class FrameClient implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  private static final int PATIENCE_MILLIS = 20_000;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /// @param fields of a frame of headers; empty for others
  record Frame(int type, int flags, int stream, byte[] payload, Map<String, String> fields) {
    boolean ends() {
      return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
    }

    /// The number in a frame that resets, or ends the connection.
    int error() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }
  }

  /// @param reset the number in the frame that ended the stream; -1 if it came to its end
  record Reply(Map<String, String> fields, byte[] body, int reset) {
    int status() {
      return Integer.parseInt(fields.getOrDefault(":status", "0"));
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  final SSLSocket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final DefaultHttp2HeadersDecoder decoder = decoder();

  FrameClient(int port) throws IOException {
    socket =
        (SSLSocket)
            TestTls.client()
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    send(SETTINGS, 0, 0, new byte[0]);
  }

  /// Takes a large table, for tests that offer one.
  private static DefaultHttp2HeadersDecoder decoder() {
    DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    try {
      decoder.configuration().maxHeaderTableSize(1 << 20);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    return decoder;
  }

  FrameClient send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    out.write(frame.array());
    return this;
  }

  /// Sends one frame many times in one record of TLS, at most 16 KiB in all: a server that ends the
  /// connection on one of them has read the rest, so that its last word is not lost in a reset.
  FrameClient flood(int times, int type, int stream) throws IOException {
    byte[] frames = new byte[9 * times];
    for (ByteBuffer all = ByteBuffer.wrap(frames); all.hasRemaining(); ) {
      all.putShort((short) 0).put((byte) 0).put((byte) type).put((byte) 0).putInt(stream);
    }
    out.write(frames);
    return this;
  }

  /// Takes the settings of the server, and waits until it has taken this side's.
  FrameClient settled() throws IOException {
    boolean theirs = false;
    boolean ours = false;
    while (!theirs || !ours) {
      Frame frame = any();
      if (frame == null) {
        throw new EOFException("the connection ended");
      }
      if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
        acknowledge();
        theirs = true;
      } else if (frame.type == SETTINGS) {
        ours = true;
      }
    }
    return this;
  }

  /// Opens a stream; names and values by turns.
  FrameClient request(int stream, boolean whole, String method, String path, String... fields)
      throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    put(block, ":method", method);
    put(block, ":scheme", "https");
    put(block, ":authority", "a");
    put(block, ":path", path);
    return headers(stream, whole, block, fields);
  }

  /// As above without any field of its own.
  FrameClient headers(int stream, boolean whole, String... fields) throws IOException {
    return headers(stream, whole, new ByteArrayOutputStream(), fields);
  }

  private FrameClient headers(
      int stream, boolean whole, ByteArrayOutputStream block, String... fields) throws IOException {
    for (int i = 0; i < fields.length; i += 2) {
      put(block, fields[i], fields[i + 1]);
    }
    byte[] all = block.toByteArray();
    int first = Math.min(all.length, 16_384);
    int flags = (whole ? END_STREAM : 0) | (first == all.length ? END_HEADERS : 0);
    send(HEADERS, flags, stream, java.util.Arrays.copyOf(all, first));
    for (int from = first; from < all.length; from += 16_384) {
      int to = Math.min(all.length, from + 16_384);
      send(
          CONTINUATION,
          to == all.length ? END_HEADERS : 0,
          stream,
          java.util.Arrays.copyOfRange(all, from, to));
    }
    return this;
  }

  /// A literal field without indexing and without Huffman's code (RFC 7541 §6.2.2).
  private static void put(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write((rest & 127) | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  FrameClient data(int stream, boolean last, byte[] bytes) throws IOException {
    return send(DATA, last ? END_STREAM : 0, stream, bytes);
  }

  FrameClient reset(int stream, int error) throws IOException {
    return send(RST_STREAM, 0, stream, number(error));
  }

  FrameClient widen(int stream, int bytes) throws IOException {
    return send(WINDOW_UPDATE, 0, stream, number(bytes));
  }

  static byte[] number(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  /// The next frame that is neither settings nor a wider window; null at the end of the connection.
  @Nullable Frame next() throws IOException {
    while (true) {
      Frame frame = any();
      if (frame == null || (frame.type != SETTINGS && frame.type != WINDOW_UPDATE)) {
        return frame;
      }
      if (frame.type == SETTINGS && (frame.flags & ACK) == 0) {
        acknowledge();
      }
    }
  }

  private void acknowledge() throws IOException {
    try {
      send(SETTINGS, ACK, 0, new byte[0]);
    } catch (SocketException closed) {
      // What the server sent before can still be read.
    }
  }

  /// The next frame of any kind; null at the end of the connection.
  @Nullable Frame any() throws IOException {
    int length;
    try {
      length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    } catch (EOFException | SocketException | SSLException end) {
      return null;
    }
    int type = in.readUnsignedByte();
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    byte[] payload = in.readNBytes(length);
    return new Frame(
        type, flags, stream, payload, type == HEADERS ? decode(stream, payload) : Map.of());
  }

  private Map<String, String> decode(int stream, byte[] block) throws IOException {
    try {
      Http2Headers headers = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
      Map<String, String> fields = new LinkedHashMap<>();
      headers.forEach(field -> fields.put(field.getKey().toString(), field.getValue().toString()));
      return fields;
    } catch (Http2Exception e) {
      throw new IOException(e);
    }
  }

  /// Reads frames until one of this kind comes.
  Frame until(int type) throws IOException {
    for (Frame frame = next(); frame != null; frame = next()) {
      if (frame.type == type) {
        return frame;
      }
    }
    throw new EOFException("the connection ended");
  }

  /// Reads the answer of one stream to its end, and lets the server send on; what comes of other
  /// streams is lost.
  Reply reply(int stream) throws IOException {
    Map<String, String> fields = Map.of();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      Frame frame = next();
      if (frame == null) {
        throw new EOFException("the connection ended");
      }
      if (frame.stream != stream) {
        continue;
      }
      if (frame.type == HEADERS) {
        fields = frame.fields;
      } else if (frame.type == DATA) {
        body.write(frame.payload);
        if (frame.payload.length > 0) {
          widen(0, frame.payload.length);
          widen(stream, frame.payload.length);
        }
      }
      if (frame.ends() || frame.type == RST_STREAM) {
        return new Reply(fields, body.toByteArray(), frame.type == RST_STREAM ? frame.error() : -1);
      }
    }
  }

  /// Reads until the server ends the connection; gives the error of its last word, -1 for none.
  int end() throws IOException {
    int error = -1;
    for (Frame frame = next(); frame != null; frame = next()) {
      if (frame.type == GOAWAY) {
        error = frame.error();
      }
    }
    return error;
  }

  /// Leaves in the middle.
  void leave() throws IOException {
    socket.close();
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
