package dev.berth.server.http;

import java.util.List;
import java.util.stream.Stream;

/// Is told of each request of the protocol once it is decided, and before the client has its
/// answer: what must not be lost is written down when it returns. It holds up the answer, so it
/// waits for nobody, and it never fails. Safe for use by many threads.
@FunctionalInterface
public interface Witness {
  /// Tells nobody.
  Witness NONE = _ -> {};

  void saw(Served served);

  /// Tells all of them, in order.
  static Witness all(Witness... witnesses) {
    List<Witness> told = Stream.of(witnesses).filter(witness -> !witness.equals(NONE)).toList();
    return told.isEmpty() ? NONE : served -> told.forEach(witness -> witness.saw(served));
  }
}
