package dev.berth.server.engine;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.http.HttpServerInternal;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpOption;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A running HTTP server: takes connections on one address and gives each request to the handler.
/// Ends with [#drain] and [#close].
public final class HttpEngine implements AutoCloseable {
  private static final int MAX_CHUNK_BYTES = 64 << 10;
  private static final int ACCEPT_BACKLOG = 4096;

  /// The decoder's name in the pipeline that Vert.x makes.
  private static final String VERTX_DECODER = "httpDecoder";

  private static final Duration RENEW_PATIENCE = Duration.ofSeconds(10);
  private static final Duration DRAIN_LOOK = Duration.ofMillis(10);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  /// Vert.x logs an error with its stack for each client that leaves in the middle of a file; held
  /// here, since the logging system forgets the level of a logger that nobody holds.
  private static final Logger SEND_FILE_LOG =
      Logger.getLogger("io.vertx.core.net.impl.VertxConnection");

  private final EngineState state;
  private final Vertx vertx;
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<LoopDelay> loops = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Netty warns of each connection that comes in the moment between the end of the loops' servers
  /// and the end of the listening socket.
  private static final Logger ACCEPT_LOG = Logger.getLogger("io.netty.bootstrap.ServerBootstrap");

  private HttpEngine(EngineState state, Vertx vertx) {
    this.state = state;
    this.vertx = vertx;
  }

  /// Listens, and returns when connections are taken.
  ///
  /// @throws PortInUse somebody else listens there
  /// @throws IOException the address cannot be listened on
  public static HttpEngine start(
      EngineSettings settings, HttpHandler handler, InstantHandler instant) throws IOException {
    return start(settings, handler, instant, () -> false);
  }

  /// As above, for a handler that waits for a store.
  ///
  /// @param storeHangs whether the store does not answer just now: then a request that only waits
  ///   for it is answered "unavailable" in the time of GETs, whatever its method
  public static HttpEngine start(
      EngineSettings settings,
      HttpHandler handler,
      InstantHandler instant,
      BooleanSupplier storeHangs)
      throws IOException {
    return start(new EngineState(settings, handler, instant, storeHangs));
  }

  static HttpEngine start(EngineState state) throws IOException {
    SEND_FILE_LOG.setLevel(Level.OFF);
    HttpEngine engine = new HttpEngine(state, createVertx(state.settings));
    try {
      engine.listen();
      return engine;
    } catch (IOException e) {
      engine.close();
      throw e;
    }
  }

  private static Vertx createVertx(EngineSettings settings) {
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(settings.eventLoops())
            // Vert.x's own worker threads have nothing to do here.
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1)
            // A slow disk may hold a loop now and then: not worth a stack trace per second.
            .setBlockedThreadCheckInterval(1)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.HOURS)
            .setDisableTCCL(true)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false));
    Transport epoll = Transport.EPOLL;
    var builder = Vertx.builder().with(options);
    if (epoll != null && epoll.available()) {
      builder.withTransport(ListenerTransport.of(epoll));
    }
    return builder.build();
  }

  private void listen() throws IOException {
    String name = state.settings.host();
    InetSocketAddress all = new InetSocketAddress(0);
    String host = name.isEmpty() ? all.getAddress().getHostAddress() : name;
    // The servers of all loops share one listening socket: Vert.x sees that by their equal
    // addresses.
    int port = state.settings.port();
    SocketAddress address =
        port == 0
            ? SocketAddress.sharedRandomPort(1, host)
            : SocketAddress.inetSocketAddress(port, host);
    TlsSettings tls = state.settings.tls();
    if (tls != null) {
      try {
        tls.check(vertx);
      } catch (GeneralSecurityException e) {
        throw new IOException("http.tls cannot be used: " + e.getMessage(), e);
      }
    }
    List<Future<HttpServer>> starts = new ArrayList<>();
    for (int i = 0; i < state.settings.eventLoops(); i++) {
      HttpServerInternal server = createServer();
      ContextInternal context = ((VertxInternal) vertx).createEventLoopContext();
      servers.add(server);
      loops.add(new LoopDelay(task -> context.runOnContext(_ -> task.run())));
      starts.add(server.listen(context, address));
    }
    try {
      Future.all(starts).toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw failure(shown(name) + ":" + port, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private IOException failure(String where, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("Address already in use")) {
      return new PortInUse(where, state.settings.key(), cause);
    }
    if (message.contains("SSL") || cause instanceof GeneralSecurityException) {
      return new IOException("http.tls cannot be used: " + TlsSettings.reason(cause), cause);
    }
    // Netty puts the name of the call and the number before the kernel's text.
    String text = message.replaceFirst("^bind\\(.*failed with error\\(-?\\d+\\): ", "");
    String advice =
        text.contains("Cannot assign requested address")
            ? "; no interface of this machine has the address: give another in "
                + state.settings.key()
            : "";
    return new IOException("cannot listen on " + where + ": " + text + advice, cause);
  }

  private HttpServerInternal createServer() {
    Http1ServerConfig http1 =
        new Http1ServerConfig()
            .setMaxInitialLineLength(state.settings.limits().urlBytes())
            .setMaxHeaderSize(state.settings.limits().headerBytes())
            .setMaxChunkSize(MAX_CHUNK_BYTES);
    HttpServerConfig config =
        new HttpServerConfig()
            .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
            .setStrictThreadMode(true)
            .setHandle100ContinueAutomatically(false)
            .setHttp1Config(http1);
    config.getTcpConfig().setAcceptBacklog(ACCEPT_BACKLOG);
    // The kernel alone knows whether a client takes bytes: what it has in its buffers moves unseen
    // from here.
    int patience =
        (int) Math.min(state.settings.timeouts().writeIdle().toMillis(), Integer.MAX_VALUE);
    config.getTcpConfig().getTransportConfig().setOption(TcpOption.USER_TIMEOUT, patience);
    TlsSettings tls = state.settings.tls();
    HttpServer server =
        tls == null
            ? vertx.createHttpServer(config)
            : vertx
                .httpServerBuilder()
                .with(config)
                .with(tls.options())
                .with(new ServerTls(state.connections, tls.http2()))
                .build();
    server.connectionHandler(connection -> onConnection(connection, http1));
    server.requestHandler(request -> BodyTap.of(channel(request.connection())).begin(request));
    server.invalidRequestHandler(HttpEngine::onInvalid);
    return (HttpServerInternal) server;
  }

  private void onConnection(HttpConnection connection, Http1ServerConfig http1) {
    Channel channel = channel(connection);
    // With TLS it was admitted before its handshake.
    boolean plain = state.settings.tls() == null;
    if (plain && !state.connections.admit(channel, false)) {
      connection.close().onFailure(e -> channel.unsafe().closeForcibly());
    } else if (ServerTls.isHttp2(channel)) {
      StreamConnection.install(state, channel);
    } else {
      HeadDecoder decoder = new HeadDecoder(http1, state.heads);
      channel.pipeline().replace(VERTX_DECODER, VERTX_DECODER, decoder);
      BodyTap.install(state, channel, decoder);
    }
  }

  private static void onInvalid(HttpServerRequest request) {
    int status = RequestRules.status(request.decoderResult().cause());
    HttpServerResponse response = request.response();
    response.setStatusCode(status);
    response.putHeader(HttpHeaderNames.CONNECTION, "close");
    response.putHeader(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.end(status + "\n");
  }

  private static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /// Shows other certificates to whoever connects from now on.
  ///
  /// @throws IOException they cannot be used, and those of before still hold
  public void renew(TlsSettings tls) throws IOException {
    try {
      tls.check(vertx);
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
    ServerSSLOptions options = tls.options();
    List<Future<Boolean>> updates = new ArrayList<>();
    servers.forEach(server -> updates.add(server.updateSSLOptions(options)));
    try {
      Future.all(updates)
          .toCompletionStage()
          .toCompletableFuture()
          .get(RENEW_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(TlsSettings.reason(e.getCause() == null ? e : e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("the event loops did not take them in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// The port that is listened on.
  public int port() {
    return servers.getFirst().actualPort();
  }

  /// The address that is listened on, for logs, for example `127.0.0.1:5000`; `*:5000` for all.
  public String address() {
    return shown(state.settings.host()) + ":" + port();
  }

  /// As one writes it before a port.
  private static String shown(String host) {
    if (host.isEmpty()) {
      return "*";
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /// What moves the bytes: `epoll` on Linux, `nio` where its native library cannot be loaded.
  String transport() {
    return vertx.isNativeTransportEnabled() ? "epoll" : "nio";
  }

  /// Requests whose answer is not handed to the socket yet.
  public int inFlight() {
    return state.inFlight.get();
  }

  /// How much there is to do.
  public EngineLoad load() {
    Duration delay = Duration.ZERO;
    for (LoopDelay loop : loops) {
      Duration one = loop.look();
      delay = one.compareTo(delay) > 0 ? one : delay;
    }
    return new EngineLoad(
        state.connections.open(),
        state.inFlight.get(),
        state.reads.load(),
        state.writes.load(),
        state.light.load(),
        state.heads.used(),
        state.bodies.used(),
        state.copies.used(),
        state.answers.used(),
        delay);
  }

  /// Goes on taking connections and requests until nothing is in flight, but ends each connection
  /// with its next answer; then takes none any more, and ends idle connections.
  ///
  /// @param least how long connections are taken in any case, for those who have not heard yet
  /// @param most how long it may take altogether
  /// @return false if some requests were cut off then
  public boolean drain(Duration least, Duration most) throws InterruptedException {
    state.draining = true;
    long start = System.nanoTime();
    while (isEarlier(start, least) || (state.inFlight.get() > 0 && isEarlier(start, most))) {
      TimeUnit.NANOSECONDS.sleep(DRAIN_LOOK.toNanos());
    }
    Duration left = most.minusNanos(System.nanoTime() - start);
    boolean ended = stopServers(left.isNegative() ? Duration.ZERO : left);
    return ended && isEarlier(start, most);
  }

  boolean isDraining() {
    return state.draining;
  }

  private static boolean isEarlier(long start, Duration time) {
    return System.nanoTime() - start < time.toNanos();
  }

  /// Ends everything at once: connections are closed, whose handlers find their clients gone and
  /// get a few seconds to return.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    state.draining = true;
    try {
      stopServers(Duration.ZERO);
      state.reads.close(CLOSE_PATIENCE);
      state.writes.close(CLOSE_PATIENCE);
      state.light.close(CLOSE_PATIENCE);
      state.files.close(CLOSE_PATIENCE);
      await(vertx.close(), CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean stopServers(Duration patience) throws InterruptedException {
    ACCEPT_LOG.setLevel(Level.SEVERE);
    List<Future<Void>> stops = new ArrayList<>();
    for (HttpServer server : servers) {
      stops.add(server.shutdown(patience.toMillis(), TimeUnit.MILLISECONDS));
    }
    return await(Future.all(stops), patience.plus(CLOSE_PATIENCE));
  }

  private static boolean await(Future<?> future, Duration patience) throws InterruptedException {
    try {
      future
          .toCompletionStage()
          .toCompletableFuture()
          .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
  }
}
