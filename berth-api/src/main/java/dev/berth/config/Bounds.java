package dev.berth.config;

import java.net.URI;
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

  /// The address may hold a login, so it is not shown.
  static void webAddress(String component, URI uri) {
    String scheme = String.valueOf(uri.getScheme());
    if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
      throw new InvalidSetting(
          component, "no http or https address; give the whole URL (not shown)");
    }
    if (uri.getHost() == null) {
      throw new InvalidSetting(
          component, "no host (letters, digits, - and .) in it; give the whole URL (not shown)");
    }
  }

  static void positive(String component, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new InvalidSetting(component, "the time must be more than 0");
    }
  }
}
