package dev.berth.server.doctor;

import dev.berth.server.doctor.WebAnswer.Sending;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// Sends one request on one connection, by HTTP/1.1 and without a proxy of the environment. Reads
/// while it sends: a server that refuses a body answers before all of it went out, and what it said
/// would be lost otherwise.
final class WebClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /// Of a body: what has not gone out then is left out, or the request ends.
  private static final Duration SEND = Duration.ofSeconds(8);

  /// Of a request, all together.
  private static final Duration ANSWER = Duration.ofSeconds(15);

  private static final int PIECE = 64 << 10;
  private static final byte[] LINE_END = {'\r', '\n'};

  private final URI base;
  private final @Nullable SSLContext tls;
  private final Duration patience;

  /// @param base of which scheme, host and port count
  /// @param tls whom to trust; null for plain HTTP
  WebClient(URI base, @Nullable SSLContext tls) {
    this(base, tls, ANSWER);
  }

  /// @param patience for each request, all together
  WebClient(URI base, @Nullable SSLContext tls, Duration patience) {
    this.base = base;
    this.tls = tls;
    this.patience = patience;
  }

  /// @throws IOException there is no answer; the message says why
  WebAnswer send(WebRequest request) throws IOException {
    if (!request.isPlain()) {
      throw new IOException("the server named what can be no part of a request");
    }
    long deadline = System.nanoTime() + patience.toNanos();
    try (Socket plain = connect();
        Socket socket = tls == null ? plain : secured(plain, tls)) {
      var answer = new Answer(plain, new AnswerReader(socket, deadline), request.method());
      return exchange(socket.getOutputStream(), request, answer);
    }
  }

  /// What is read while a request is sent.
  private static final class Answer {
    private final FutureTask<WebAnswer> reading;

    Answer(Socket plain, AnswerReader reader, String method) {
      reading =
          new FutureTask<>(
              () -> {
                try {
                  return reader.read(method);
                } catch (IOException e) {
                  // So that a writer that is stuck goes on.
                  plain.close();
                  throw e;
                }
              });
      Thread.ofPlatform().daemon().name("doctor answer").start(reading);
    }

    boolean isThere() {
      return reading.isDone();
    }

    WebAnswer get(Duration patience)
        throws ExecutionException, InterruptedException, TimeoutException {
      return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private WebAnswer exchange(OutputStream out, WebRequest request, Answer answer)
      throws IOException {
    var writer = new Writer(out, answer);
    long begin = System.nanoTime();
    IOException broken = null;
    try {
      writer.write(request);
    } catch (IOException e) {
      broken = e;
    }
    long sent = System.nanoTime();
    try {
      WebAnswer got = answer.get(patience);
      return got.after(
          new Sending(
              writer.sent,
              Duration.ofNanos(sent - begin),
              Duration.ofNanos(System.nanoTime() - sent)));
    } catch (ExecutionException e) {
      if (broken != null && !(e.getCause() instanceof SocketTimeoutException)) {
        throw new CutException(writer.sent, broken);
      }
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new SocketTimeoutException("no answer in time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// The connection ended while a body went out, and nothing was answered.
  static final class CutException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long sent;

    CutException(long sent, IOException cause) {
      super("the connection was cut after " + sent + " bytes: " + cause.getMessage(), cause);
      this.sent = sent;
    }

    long sent() {
      return sent;
    }
  }

  private Socket connect() throws IOException {
    IOException last = null;
    for (InetAddress address : InetAddress.getAllByName(base.getHost())) {
      var socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, Target.port(base)), (int) CONNECT.toMillis());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) CONNECT.toMillis());
        return socket;
      } catch (IOException e) {
        socket.close();
        last = e;
      }
    }
    throw last == null ? new IOException(base.getHost() + " has no address") : last;
  }

  private Socket secured(Socket plain, SSLContext trust) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            trust
                .getSocketFactory()
                .createSocket(plain, base.getHost(), Target.port(base), /* autoClose= */ true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /// Sends a request, and stops when there is an answer.
  private final class Writer {
    private final OutputStream out;
    private final Answer answer;
    private long sent;

    Writer(OutputStream out, Answer answer) {
      this.out = out;
      this.answer = answer;
    }

    void write(WebRequest request) throws IOException {
      out.write(head(request).getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
      long end = System.nanoTime() + SEND.toNanos();
      byte[] zeros = new byte[Math.clamp(request.zeros(), 0, PIECE)];
      while (sent < request.zeros() && !answer.isThere()) {
        if (System.nanoTime() > end) {
          if (request.chunked()) {
            break;
          }
          throw new SocketTimeoutException("the body went out too slowly");
        }
        int count = (int) Math.min(zeros.length, request.zeros() - sent);
        if (request.chunked()) {
          out.write(Integer.toHexString(count).getBytes(StandardCharsets.ISO_8859_1));
          out.write(LINE_END);
        }
        out.write(zeros, 0, count);
        if (request.chunked()) {
          out.write(LINE_END);
        }
        sent += count;
      }
      if (request.chunked() && !answer.isThere()) {
        out.write('0');
        out.write(LINE_END);
        out.write(LINE_END);
      }
      out.flush();
    }

    private String head(WebRequest request) {
      var head = new StringBuilder();
      head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
      head.append("Host: ").append(base.getRawAuthority()).append("\r\n");
      head.append("User-Agent: Berth\r\nConnection: close\r\n");
      request
          .fields()
          .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      if (request.zeros() >= 0) {
        head.append(
            request.chunked()
                ? "Transfer-Encoding: chunked\r\n"
                : "Content-Length: " + request.zeros() + "\r\n");
      }
      return head.append("\r\n").toString();
    }
  }
}
