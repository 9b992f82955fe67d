package dev.berth.storage.watched;

import dev.berth.storage.Space;
import java.util.function.Supplier;

/// Watches the calls of a driver, for example to time them. Safe for use by many threads.
public interface DriverWatcher {
  /// Carries a call out and gives what it gives, or throws what it throws.
  <T> T watch(Action action, Supplier<T> call);

  /// Bytes could not be written. Writes that succeed are not watched: there are too many.
  default void writeFailed() {}

  /// Is told how much room there was when somebody asked.
  default void saw(Space space) {}

  /// What a call does.
  enum Action {
    READ("GetContent"),
    WRITE("PutContent"),
    STAT("Stat"),
    LIST("List"),
    MOVE("Move"),
    DELETE("Delete"),
    OPEN("Reader"),
    APPEND("Writer"),
    SYNC("Sync");

    private final String word;

    Action(String word) {
      this.word = word;
    }

    /// As registry 2.8.2 calls it, where it has such an action.
    public String word() {
      return word;
    }
  }
}
