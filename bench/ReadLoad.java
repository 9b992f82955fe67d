import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Asks the same thing over several connections, each again as soon as it has its answer, and
/// compares every byte of every answer with what it must be.
final class ReadLoad {
  private static final int HEAD_BYTES = 8 * 1024;

  private final int port;
  private final byte[] request;
  private final byte[] expected;
  private final boolean head;
  private final ByteBuffer input = ByteBuffer.allocateDirect(1024 * 1024);
  private final ByteBuffer wanted;

  private long answers;
  private boolean stopping;

  /// @param expected the body that every answer must have, or would have for a HEAD
  ReadLoad(int port, String method, String target, byte[] expected, String... fields) {
    this.port = port;
    this.expected = expected;
    this.head = method.equals("HEAD");
    this.wanted = ByteBuffer.allocateDirect(expected.length).put(expected).flip();
    String rest = String.join("", java.util.Arrays.stream(fields).map(f -> f + "\r\n").toList());
    this.request =
        (method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + rest + "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Runs for some seconds and gives how many answers came.
  long run(int connections, double seconds) throws IOException {
    answers = 0;
    stopping = false;
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        connect(selector);
      }
      long end = System.nanoTime() + (long) (seconds * 1e9);
      int open = connections;
      while (open > 0) {
        stopping = System.nanoTime() >= end;
        selector.select(30_000);
        for (SelectionKey key : selector.selectedKeys()) {
          if (!progress((SocketChannel) key.channel(), (Answer) key.attachment())) {
            key.channel().close();
            open--;
          }
        }
        selector.selectedKeys().clear();
      }
    }
    return answers;
  }

  private void connect(Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.connect(new InetSocketAddress("127.0.0.1", port));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Answer());
    ask(channel);
  }

  private void ask(SocketChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Reads what is there. False when the connection has done its last.
  private boolean progress(SocketChannel channel, Answer answer) throws IOException {
    input.clear();
    int read = channel.read(input);
    if (read < 0) {
      throw new EOFException("the server hung up within an answer");
    }
    input.flip();
    if (!answer.take(input)) {
      return true;
    }
    answers++;
    if (stopping) {
      return false;
    }
    ask(channel);
    return true;
  }

  /// The answer that a connection is in.
  private final class Answer {
    private final byte[] headBytes = new byte[HEAD_BYTES];
    private int headLength;
    private int bodyLength = -1;

    /// Takes bytes; true when the answer is whole.
    boolean take(ByteBuffer bytes) {
      if (bodyLength < 0 && !takeHead(bytes)) {
        return false;
      }
      int length = bytes.remaining();
      if (length > 0) {
        if (head
            || bodyLength + length > expected.length
            || bytes.mismatch(wanted.slice(bodyLength, length)) >= 0) {
          throw new IllegalStateException("wrong bytes in the answer to " + new String(request));
        }
        bodyLength += length;
      }
      if (!head && bodyLength < expected.length) {
        return false;
      }
      headLength = 0;
      bodyLength = -1;
      return true;
    }

    private boolean takeHead(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        byte b = bytes.get();
        headBytes[headLength++] = b;
        if (b == '\n' && headLength > 3 && headBytes[headLength - 3] == '\n') {
          check();
          bodyLength = 0;
          return true;
        }
      }
      return false;
    }

    private void check() {
      if (headBytes[9] != '2' || headBytes[10] != '0' || headBytes[11] != '0') {
        throw new IllegalStateException("not 200: " + new String(headBytes, 0, headLength));
      }
      if (contentLength() != expected.length) {
        throw new IllegalStateException(
            "not " + expected.length + " bytes: " + new String(headBytes, 0, headLength));
      }
    }

    private int contentLength() {
      int start = 0;
      for (int i = 0; i < headLength; i++) {
        if (headBytes[i] != '\n') {
          continue;
        }
        // "Content-Length:" is told from the other fields by its length and two letters.
        if (i - start > 16
            && headBytes[start + 14] == ':'
            && (headBytes[start + 8] | 32) == 'l'
            && (headBytes[start] | 32) == 'c') {
          return number(start + 15, i);
        }
        start = i + 1;
      }
      return -1;
    }

    private int number(int from, int to) {
      int number = 0;
      for (int i = from; i < to; i++) {
        if (headBytes[i] >= '0') {
          number = number * 10 + headBytes[i] - '0';
        }
      }
      return number;
    }
  }
}
