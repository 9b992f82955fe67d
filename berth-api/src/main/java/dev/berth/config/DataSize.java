package dev.berth.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes, at least 0. Written as `4MiB`, `64KiB`, `1.5GiB`, `10MB` (powers of ten) or
/// as a bare number of bytes.
public record DataSize(long bytes) implements Comparable<DataSize> {
  private static final Pattern GRAMMAR =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?) ?([kmgt]i?b|b)?");
  private static final long KIBI = 1024;
  private static final long KILO = 1000;
  private static final List<String> UNITS = List.of("", "KiB", "MiB", "GiB", "TiB");
  private static final String LETTERS = "bkmgt";

  public DataSize {
    if (bytes < 0) {
      throw new InvalidSetting("bytes", bytes + " is less than nothing; give 0 or more");
    }
  }

  /// `count` times 1,024 bytes.
  public static DataSize ofKibibytes(long count) {
    return new DataSize(Math.multiplyExact(count, KIBI));
  }

  /// `count` times 1,048,576 bytes.
  public static DataSize ofMebibytes(long count) {
    return new DataSize(Math.multiplyExact(count, KIBI * KIBI));
  }

  /// Reads the written form.
  ///
  /// @throws IllegalArgumentException it is none
  public static DataSize parse(String text) {
    Matcher parts = GRAMMAR.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a size");
    }
    String unit = parts.group(2) == null ? "b" : parts.group(2);
    BigDecimal factor =
        BigDecimal.valueOf(unit.contains("i") ? KIBI : KILO).pow(LETTERS.indexOf(unit.charAt(0)));
    try {
      return new DataSize(new BigDecimal(parts.group(1)).multiply(factor).longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("not a whole number of bytes below 8 EiB", e);
    }
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /// The shortest exact written form.
  @Override
  public String toString() {
    long count = bytes;
    int unit = 0;
    while (count >= KIBI && count % KIBI == 0 && unit < UNITS.size() - 1) {
      count /= KIBI;
      unit++;
    }
    return count + UNITS.get(unit);
  }
}
