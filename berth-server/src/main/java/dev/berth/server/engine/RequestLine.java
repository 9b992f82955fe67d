package dev.berth.server.engine;

import java.util.ArrayDeque;

/// The requests of one connection, from their heads to their answers, and what they take of memory.
/// A client that sends many before it has read the first answer, and many of its kind, must not use
/// up the heap. Every method runs on the connection's event loop.
final class RequestLine {
  /// About what the objects of a request take beside its head.
  private static final long REQUEST_BYTES = 1536;

  /// A request that was read, and what it takes.
  record Arrived(BodyQueue body, long bytes) {}

  private final MemoryBudget budget;

  /// Those that Vert.x has not handed on yet: it does so one at a time.
  private final ArrayDeque<Arrived> waiting = new ArrayDeque<>();

  /// Bytes of all that have no answer.
  private long unanswered;

  RequestLine(MemoryBudget budget) {
    this.budget = budget;
  }

  /// Takes a request whose head was read.
  void enter(BodyQueue body, long headBytes) {
    Arrived arrived = new Arrived(body, headBytes + REQUEST_BYTES);
    waiting.add(arrived);
    unanswered += arrived.bytes();
    budget.add(arrived.bytes());
  }

  /// The request whose turn it is.
  Arrived next() {
    return waiting.remove();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Whether the requests of all connections take too much.
  boolean isTooLong() {
    return budget.isSpent();
  }

  /// Gives back what an answered request took.
  void leave(long bytes) {
    long counted = Math.min(bytes, unanswered);
    unanswered -= counted;
    budget.add(-counted);
  }

  /// Gives back all: the connection is gone.
  void close() {
    leave(unanswered);
  }
}
