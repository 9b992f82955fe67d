package dev.berth.server.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// What all connections of one engine share.
final class EngineState {
  static {
    // Before any class of Netty's looks for its settings.
    NettySettings.apply();
  }

  /// Logins are checked on them too, which takes its time.
  private static final EngineSettings.Pool LIGHT = new EngineSettings.Pool(32, 256);

  private static final int BODIES_SHARE = 4;
  private static final int COPIES_SHARE = 8;
  private static final int WINDOWS_SHARE = 8;
  private static final int HEADS_SHARE = 16;
  private static final int ANSWERS_SHARE = 8;

  /// Of the threads that answer reads: those that may wait for room for a large answer.
  private static final int WAITING_SHARE = 3;

  private static final Duration ANSWERS_PATIENCE = Duration.ofSeconds(5);

  final EngineSettings settings;
  final HttpHandler handler;
  final InstantHandler instant;
  final WorkerPool reads;
  final WorkerPool writes;

  /// For requests that the store is not needed for.
  final WorkerPool light;

  /// Reads files ahead of the event loops that send them. What waits is bounded by the connections:
  /// each waits for one part at most, and gives back one file.
  final WorkerPool files;

  /// Whether the store does not answer at all just now.
  final BooleanSupplier storeHangs;

  /// Bytes of bodies that wait in queues. When they take much of the direct memory, each queue
  /// holds less: many slow stores at once must not use up what the sockets need.
  final MemoryBudget bodies = MemoryBudget.ofDirectMemory(BODIES_SHARE);

  /// Pieces of files that were read and not sent yet.
  final MemoryBudget copies = MemoryBudget.ofDirectMemory(COPIES_SHARE);

  /// What clients of HTTP/2 may send at any time of bodies that are read, beyond what all may.
  final MemoryBudget windows = MemoryBudget.ofDirectMemory(WINDOWS_SHARE);

  /// Heads that have not come to their end, and those of requests whose answer has not begun.
  final MemoryBudget heads;

  /// Large answers.
  final AnswerMemory answers;

  final DateField date = new DateField();
  final Admission connections;

  /// Requests whose answer is not handed to the socket yet.
  final AtomicInteger inFlight = new AtomicInteger();

  /// Connections end with their present answer.
  volatile boolean draining;

  EngineState(
      EngineSettings settings,
      HttpHandler handler,
      InstantHandler instant,
      BooleanSupplier storeHangs) {
    this(
        settings,
        MemoryBudget.ofHeap(HEADS_SHARE),
        new AnswerMemory(
            Runtime.getRuntime().maxMemory() / ANSWERS_SHARE,
            settings.reads().threads() / WAITING_SHARE,
            ANSWERS_PATIENCE),
        handler,
        instant,
        storeHangs);
  }

  EngineState(
      EngineSettings settings,
      MemoryBudget heads,
      AnswerMemory answers,
      HttpHandler handler,
      InstantHandler instant,
      BooleanSupplier storeHangs) {
    this.settings = settings;
    this.heads = heads;
    this.answers = answers;
    this.connections = new Admission(settings.limits().connections());
    this.handler = handler;
    this.instant = instant;
    this.reads = new WorkerPool("berth-read", settings.reads());
    this.writes = new WorkerPool("berth-write", settings.writes());
    this.light = new WorkerPool("berth-light", LIGHT);
    this.files =
        new WorkerPool(
            "berth-file",
            new EngineSettings.Pool(
                settings.reads().threads(), 2 * settings.limits().connections()));
    this.storeHangs = storeHangs;
  }

  /// Uploads must not starve pulls, so they have threads of their own; and what needs no store must
  /// not wait behind what waits for it.
  WorkerPool poolFor(RequestHead head) {
    if (handler.needsNoStore(head)) {
      return light;
    }
    String method = head.method();
    return method.equals("GET") || method.equals("HEAD") ? reads : writes;
  }
}
