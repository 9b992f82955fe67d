package dev.berth.rules.planted.levels.low;

import dev.berth.rules.planted.levels.high.High;
import org.jspecify.annotations.Nullable;

/// Knows the level above.
public final class Low {
  @Nullable High above;
}
