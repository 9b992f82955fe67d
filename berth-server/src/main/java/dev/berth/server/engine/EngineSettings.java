package dev.berth.server.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the engine listens on and where its bounds lie.
///
/// @param host name or address to listen on; empty for all addresses
/// @param port 0 for any free port
/// @param eventLoops threads that move bytes between sockets and the pools; a few more than cores,
///   because sending a file that is not in the page cache stops its loop for the time of the disk's
///   answer
/// @param reads threads that answer GET and HEAD
/// @param writes threads that answer every other method
/// @param unavailable what a client gets that finds its pool full, or whose answer does not come in
///   time
/// @param tls null for a listener without
/// @param copiesFiles a call for a file may wait for another machine: event loops make none, at the
///   price of a copy
/// @param key the key that says where it listens, for messages
public record EngineSettings(
    String host,
    int port,
    int eventLoops,
    Limits limits,
    Timeouts timeouts,
    Pool reads,
    Pool writes,
    HttpResponse unavailable,
    @Nullable TlsSettings tls,
    boolean copiesFiles,
    String key) {

  /// Sizes that no client may pass.
  ///
  /// @param urlBytes longest request line: method, path, query and version; more is 414
  /// @param headerBytes most bytes of all header fields of one request together; more is 431, as
  ///   are more than 128 fields
  /// @param connections most open connections; one more is closed at once
  /// @param discardBytes how much of a body that nobody read is taken and thrown away to keep the
  ///   connection; more closes it
  public record Limits(int urlBytes, int headerBytes, int connections, long discardBytes) {
    public static final Limits DEFAULTS = new Limits(16 << 10, 64 << 10, 4096, 1 << 20);
  }

  /// How long a client, or a handler, may keep others waiting. Each is checked a few times in its
  /// span, so that it may last a quarter longer.
  ///
  /// @param idle a connection without a request, also one whose head does not come to its end, is
  ///   closed
  /// @param bodyIdle a body of which no byte came is given up: its reader gets an `IOException`,
  ///   the connection is closed
  /// @param writeIdle an answer of which the client took no byte is given up
  /// @param request a GET or HEAD that got no answer from its handler gets the one for
  ///   "unavailable"; zero for never
  /// @param rateGrace how long a body may be slower than `bodyBytesPerSecond`
  /// @param bodyBytesPerSecond the least average speed of a body, counted over the time in which
  ///   the engine waited for the client; 0 for none. While requests wait for a thread it is 16
  ///   times that, in each sixth of the grace
  public record Timeouts(
      Duration idle,
      Duration bodyIdle,
      Duration writeIdle,
      Duration request,
      Duration rateGrace,
      long bodyBytesPerSecond) {
    private static final Duration MINUTE = Duration.ofSeconds(60);
    public static final Timeouts DEFAULTS =
        new Timeouts(MINUTE, MINUTE, MINUTE, MINUTE, MINUTE, 1024);
  }

  /// Threads for handlers, made when needed, and how many requests may wait for one.
  public record Pool(int threads, int queue) {}

  private static final Pool READS = new Pool(32, 256);
  private static final Pool WRITES = new Pool(96, 64);

  /// The settings that hold where nobody says otherwise.
  public static EngineSettings defaults(String host, int port, HttpResponse unavailable) {
    int loops = Runtime.getRuntime().availableProcessors() + 2;
    return new EngineSettings(
        host,
        port,
        loops,
        Limits.DEFAULTS,
        Timeouts.DEFAULTS,
        READS,
        WRITES,
        unavailable,
        null,
        false,
        "http.addr");
  }

  public EngineSettings with(Limits other) {
    return new EngineSettings(
        host, port, eventLoops, other, timeouts, reads, writes, unavailable, tls, copiesFiles, key);
  }

  public EngineSettings with(Timeouts other) {
    return new EngineSettings(
        host, port, eventLoops, limits, other, reads, writes, unavailable, tls, copiesFiles, key);
  }

  public EngineSettings withPools(Pool forReads, Pool forWrites) {
    return new EngineSettings(
        host,
        port,
        eventLoops,
        limits,
        timeouts,
        forReads,
        forWrites,
        unavailable,
        tls,
        copiesFiles,
        key);
  }

  public EngineSettings withEventLoops(int count) {
    return new EngineSettings(
        host, port, count, limits, timeouts, reads, writes, unavailable, tls, copiesFiles, key);
  }

  public EngineSettings with(@Nullable TlsSettings other) {
    return new EngineSettings(
        host,
        port,
        eventLoops,
        limits,
        timeouts,
        reads,
        writes,
        unavailable,
        other,
        copiesFiles,
        key);
  }

  public EngineSettings withKey(String other) {
    return new EngineSettings(
        host,
        port,
        eventLoops,
        limits,
        timeouts,
        reads,
        writes,
        unavailable,
        tls,
        copiesFiles,
        other);
  }

  public EngineSettings withCopiedFiles(boolean copied) {
    return new EngineSettings(
        host, port, eventLoops, limits, timeouts, reads, writes, unavailable, tls, copied, key);
  }
}
