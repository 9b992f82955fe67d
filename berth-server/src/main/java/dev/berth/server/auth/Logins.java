package dev.berth.server.auth;

import java.time.Duration;
import java.util.Set;

/// Names and their passwords. Safe for use by many threads.
public interface Logins {
  /// What there is to check for a name, whether or not it is known: an unknown name shows only in
  /// the outcome of the check, which takes as long as that of a known one. Does not block on
  /// others.
  Login find(String name);

  /// Looks whether the file changed that they are from, though nobody asks.
  default void refresh() {}

  /// Checks that run now.
  default int busy() {
    return 0;
  }

  /// Checks that wait for their turn.
  default int waiting() {
    return 0;
  }

  /// One name, ready to be checked.
  interface Login {
    /// Changes when another password, or other groups, may belong to the name: a right password is
    /// remembered together with it.
    String mark();

    /// Checks a password, which may take long.
    Outcome check(String password);
  }

  /// What a check gave.
  sealed interface Outcome {
    /// The password is that of the name.
    ///
    /// @param name as whoever knows it writes it, which may differ from what was typed
    /// @param groups what the name belongs to
    /// @param remembered how long that may be believed without another check
    record Right(String name, Set<String> groups, Duration remembered) implements Outcome {
      public Right {
        groups = Set.copyOf(groups);
      }
    }

    /// The name is unknown, or has another password.
    record Wrong() implements Outcome {}

    /// Too many are checked at this time.
    record Busy() implements Outcome {}

    /// Whoever knows cannot be asked now.
    record Unavailable() implements Outcome {}
  }
}
