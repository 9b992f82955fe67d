package dev.berth.server.http;

/// Is told of each request of the protocol once it is decided, and before the client has its
/// answer: what must not be lost is written down when it returns. It holds up the answer, so it
/// waits for nobody, and it never fails. Safe for use by many threads.
@FunctionalInterface
public interface Witness {
  /// Tells nobody.
  Witness NONE = _ -> {};

  void saw(Served served);
}
