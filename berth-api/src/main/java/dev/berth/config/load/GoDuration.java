package dev.berth.config.load;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as Go writes them: `168h`, `1m30s`, `1.5s`, `10ms`, `-1h`; a bare whole number is
/// nanoseconds.
public final class GoDuration {
  private static final Pattern PART =
      Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9_]{1,20}");
  private static final int MAX_LENGTH = 64;
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /// Reads the written form.
  ///
  /// @throws IllegalArgumentException it is no time, or beyond 292 years
  public static Duration parse(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("not a time");
    }
    try {
      if (WHOLE_NUMBER.matcher(text).matches()) {
        return Duration.ofNanos(Long.parseLong(text.replace("_", "")));
      }
      boolean negative = text.charAt(0) == '-';
      boolean signed = negative || text.charAt(0) == '+';
      long nanos = sum(signed ? text.substring(1) : text).longValueExact();
      return Duration.ofNanos(negative ? -nanos : nanos);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("longer than 292 years", e);
    }
  }

  private static BigDecimal sum(String text) {
    Matcher part = PART.matcher(text);
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (at < text.length()) {
      if (!part.find() || part.start() != at) {
        throw new IllegalArgumentException("not a time");
      }
      long unit = NANOS.getOrDefault(part.group(2), 0L);
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      at = part.end();
    }
    if (at == 0) {
      throw new IllegalArgumentException("not a time");
    }
    return nanos.setScale(0, java.math.RoundingMode.DOWN);
  }

  /// The shortest form that [#parse] reads back.
  public static String format(Duration time) {
    if (time.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder(time.isNegative() ? "-" : "");
    Duration left = time.abs();
    append(text, left.toHours(), "h");
    append(text, left.toMinutesPart(), "m");
    append(text, left.toSecondsPart(), "s");
    append(text, left.toMillisPart(), "ms");
    append(text, left.toNanosPart() % NANOS.getOrDefault("ms", 1L), "ns");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(count).append(unit);
    }
  }
}
