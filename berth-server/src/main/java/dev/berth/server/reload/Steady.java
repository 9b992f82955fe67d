package dev.berth.server.reload;

import org.jspecify.annotations.Nullable;

/// Tells what was seen twice in a row from what may be half of something: a file that is being
/// written in place can be cut off where the rest would have said the opposite. For one thread at a
/// time.
///
/// @param <T> compared by `equals`
public final class Steady<T> {
  private @Nullable T last;

  /// Whether the last look saw the same.
  public boolean isSteady(T seen) {
    boolean same = seen.equals(last);
    last = seen;
    return same;
  }
}
