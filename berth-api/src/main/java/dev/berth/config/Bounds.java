package dev.berth.config;

import java.time.Duration;

/// Checks that constructors share.
final class Bounds {
  private Bounds() {}

  static void between(String component, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidSetting(
          component, value + " is out of bounds; give " + least + " to " + most);
    }
  }

  static void between(String component, DataSize value, DataSize least, DataSize most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidSetting(
          component, value + " is out of bounds; give " + least + " to " + most);
    }
  }

  static void notNegative(String component, Duration value) {
    if (value.isNegative()) {
      throw new InvalidSetting(component, "a time below 0 makes no sense here; give 0 or more");
    }
  }

  static void positive(String component, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new InvalidSetting(component, "the time must be more than 0");
    }
  }
}
