package dev.berth.rules.planted.levels.high;

import dev.berth.rules.planted.levels.low.Low;

/// Uses a lower level, as it may.
public final class High {
  Low below() {
    return new Low();
  }
}
