package dev.berth.config;

import java.time.Duration;

/// A bound on everything that a client can make grow.
public record Limits(Requests requests, Threads threads, Connections connections) {
  public static final Limits DEFAULTS =
      new Limits(Requests.DEFAULTS, Threads.DEFAULTS, Connections.DEFAULTS);

  /// Bounds of requests.
  ///
  /// @param manifest largest manifest; a larger one answers 413
  /// @param headers all header fields of a request together; more answers 431
  /// @param url path and query; a longer one answers 414
  /// @param openUploads uploads begun and not finished in this process; more answer 429
  public record Requests(DataSize manifest, DataSize headers, DataSize url, int openUploads) {
    /// 4 MiB is what registry 2.8.2 takes and what clients read.
    public static final Requests DEFAULTS =
        new Requests(
            DataSize.ofMebibytes(4), DataSize.ofKibibytes(64), DataSize.ofKibibytes(16), 10_000);

    private static final int MOST_UPLOADS = 10_000_000;

    public Requests {
      Bounds.between("manifest", manifest, DataSize.ofKibibytes(64), DataSize.ofMebibytes(64));
      Bounds.between("headers", headers, DataSize.ofKibibytes(4), DataSize.ofMebibytes(1));
      Bounds.between("url", url, DataSize.ofKibibytes(1), DataSize.ofKibibytes(256));
      Bounds.between("openUploads", openUploads, 1, MOST_UPLOADS);
    }
  }

  /// Threads that answer requests, reads and writes apart. A full queue answers 503 with
  /// `Retry-After`.
  public record Threads(int read, int readQueue, int write, int writeQueue) {
    public static final Threads DEFAULTS = new Threads(32, 256, 96, 64);

    private static final int MOST_THREADS = 1024;
    private static final int MOST_QUEUE = 100_000;

    public Threads {
      Bounds.between("read", read, 1, MOST_THREADS);
      Bounds.between("readQueue", readQueue, 1, MOST_QUEUE);
      Bounds.between("write", write, 1, MOST_THREADS);
      Bounds.between("writeQueue", writeQueue, 1, MOST_QUEUE);
    }
  }

  /// Bounds of connections, and how long a client may keep others waiting.
  ///
  /// @param max open at once; more are closed as they come
  /// @param idleTimeout a connection without a whole request for this long is closed
  /// @param bodyTimeout a body of which no byte came for this long is given up
  /// @param sendTimeout an answer of which the client took no byte for this long is given up
  /// @param answerTimeout a GET or HEAD that we do not answer in this time answers 503
  /// @param minBodyRate bytes per second that a body must bring on average; 0 asks for nothing
  public record Connections(
      int max,
      Duration idleTimeout,
      Duration bodyTimeout,
      Duration sendTimeout,
      Duration answerTimeout,
      DataSize minBodyRate) {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    public static final Connections DEFAULTS =
        new Connections(4096, MINUTE, MINUTE, MINUTE, MINUTE, DataSize.ofKibibytes(1));

    private static final int MOST = 1_000_000;

    public Connections {
      Bounds.between("max", max, 1, MOST);
      Bounds.positive("idleTimeout", idleTimeout);
      Bounds.positive("bodyTimeout", bodyTimeout);
      Bounds.positive("sendTimeout", sendTimeout);
      Bounds.positive("answerTimeout", answerTimeout);
      Bounds.between("minBodyRate", minBodyRate, new DataSize(0), DataSize.ofMebibytes(1));
    }
  }
}
