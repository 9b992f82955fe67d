package dev.berth.server.metrics;

import java.util.Arrays;

/// The upper bounds of a histogram, in the unit that is shown and in the one that is counted.
final class Scale {
  private static final double NANOS = 1e9;
  private static final double KIB = 1024;
  private static final int SIZES = 22;

  /// Of requests, as registry 2.8.2 has them.
  static final Scale REQUEST_SECONDS =
      seconds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 60);

  /// Of calls of the store, as registry 2.8.2 has them.
  static final Scale ACTION_SECONDS = seconds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10);

  /// From 1 KiB to 2 GiB, as registry 2.8.2 has them.
  static final Scale BYTES = bytes();

  private final double[] shown;
  private final long[] counted;
  private final double unit;

  private Scale(double[] shown, double unit) {
    this.shown = shown;
    this.counted = Arrays.stream(shown).mapToLong(bound -> Math.round(bound * unit)).toArray();
    this.unit = unit;
  }

  private static Scale seconds(double... bounds) {
    return new Scale(bounds, NANOS);
  }

  private static Scale bytes() {
    double[] bounds = new double[SIZES];
    double bound = KIB;
    for (int i = 0; i < SIZES; i++) {
      bounds[i] = bound;
      bound *= 2;
    }
    return new Scale(bounds, 1);
  }

  int size() {
    return counted.length;
  }

  /// The first bound that is no less than `value`, or [#size].
  int place(long value) {
    int place = 0;
    while (place < counted.length && value > counted[place]) {
      place++;
    }
    return place;
  }

  /// The bounds as they are shown, and infinity.
  double[] bounds() {
    double[] all = Arrays.copyOf(shown, shown.length + 1);
    all[shown.length] = Double.POSITIVE_INFINITY;
    return all;
  }

  /// What was counted as it is shown.
  double show(long value) {
    return value / unit;
  }
}
