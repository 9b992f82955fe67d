package dev.berth.server;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;

/// What must be ended with a server, or with the attempt to start one: the last that began ends
/// first.
final class Endings {
  private static final System.Logger LOG = System.getLogger(Endings.class.getName());

  private final Deque<Runnable> last = new ArrayDeque<>();

  void add(Runnable ending) {
    last.push(ending);
  }

  /// Ends all. One that fails does not keep the others from ending.
  void close() {
    while (!last.isEmpty()) {
      try {
        last.pop().run();
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "stopping: a part did not end as it should", e);
      }
    }
  }
}
