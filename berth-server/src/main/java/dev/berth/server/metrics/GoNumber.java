package dev.berth.server.metrics;

import java.math.BigDecimal;
import java.util.Locale;

/// Numbers as Go's `strconv` writes them in the shortest way.
final class GoNumber {
  private static final int PLAIN_DIGITS = 6;

  private GoNumber() {}

  /// @param number more than 0.0001
  static String of(double number) {
    BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = exact.precision() - exact.scale() - 1;
    if (exponent < PLAIN_DIGITS) {
      return exact.toPlainString();
    }
    String digits = exact.unscaledValue().toString();
    String rest = digits.length() == 1 ? "" : "." + digits.substring(1);
    return digits.charAt(0) + rest + String.format(Locale.ROOT, "e+%02d", exponent);
  }
}
