package dev.berth.config;

import java.time.Duration;

/// A bound on everything that a client can make grow.
public record Limits(Requests requests, Threads threads, Connections connections) {
  public static final Limits DEFAULTS =
      new Limits(Requests.DEFAULTS, Threads.DEFAULTS, Connections.DEFAULTS);

  /// Bounds of one request.
  ///
  /// @param manifest largest manifest; a larger one answers 413
  /// @param headers all header fields of a request together; more answers 431
  /// @param url path and query; a longer one answers 414
  /// @param tagsPerPage most tags in one answer; the rest follows by `Link`
  /// @param openUploads uploads begun and not finished in this process; more answer 503
  public record Requests(
      DataSize manifest, DataSize headers, DataSize url, int tagsPerPage, int openUploads) {
    public static final Requests DEFAULTS =
        new Requests(
            DataSize.ofMebibytes(4),
            DataSize.ofKibibytes(32),
            DataSize.ofKibibytes(16),
            100_000,
            10_000);

    private static final int MOST = 10_000_000;

    public Requests {
      Bounds.between("manifest", manifest, DataSize.ofKibibytes(64), DataSize.ofMebibytes(64));
      Bounds.between("headers", headers, DataSize.ofKibibytes(4), DataSize.ofMebibytes(1));
      Bounds.between("url", url, DataSize.ofKibibytes(1), DataSize.ofKibibytes(256));
      Bounds.between("tagsPerPage", tagsPerPage, 1, MOST);
      Bounds.between("openUploads", openUploads, 1, MOST);
    }
  }

  /// Threads that answer requests, reads and writes apart. A full queue answers 503 with
  /// `Retry-After`.
  public record Threads(int read, int readQueue, int write, int writeQueue) {
    public static final Threads DEFAULTS = new Threads(32, 1024, 32, 1024);

    private static final int MOST_THREADS = 1024;
    private static final int MOST_QUEUE = 100_000;

    public Threads {
      Bounds.between("read", read, 1, MOST_THREADS);
      Bounds.between("readQueue", readQueue, 1, MOST_QUEUE);
      Bounds.between("write", write, 1, MOST_THREADS);
      Bounds.between("writeQueue", writeQueue, 1, MOST_QUEUE);
    }
  }

  /// Bounds of connections.
  ///
  /// @param max open at once; more are closed as they come
  /// @param idleTimeout a connection on which nothing moves for this long is closed
  /// @param headerTimeout the head of a request must be there within this time
  /// @param minBodyRate bytes per second that a body must bring on average after its first ten
  ///   seconds; 0 asks for nothing
  public record Connections(
      int max, Duration idleTimeout, Duration headerTimeout, DataSize minBodyRate) {
    public static final Connections DEFAULTS =
        new Connections(4096, Duration.ofSeconds(60), Duration.ofSeconds(30), new DataSize(512));

    private static final int MOST = 1_000_000;

    public Connections {
      Bounds.between("max", max, 1, MOST);
      Bounds.positive("idleTimeout", idleTimeout);
      Bounds.positive("headerTimeout", headerTimeout);
      Bounds.between("minBodyRate", minBodyRate, new DataSize(0), DataSize.ofMebibytes(1));
    }
  }
}
