package dev.berth.e2e.monitoring;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a registry told of itself at one time, in the text format of Prometheus.
///
/// @param series values by name and labels, these sorted
record Scrape(Map<String, Double> series) {
  private static final Pattern LINE = Pattern.compile("([a-zA-Z0-9_:]+)(?:\\{(.*)})? (\\S+)");

  static Scrape parse(String text) {
    Map<String, Double> series = new TreeMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              var parts = LINE.matcher(line);
              if (!parts.matches()) {
                throw new AssertionError("no line of metrics: " + line);
              }
              double value = Double.parseDouble(parts.group(3).replace("Inf", "Infinity"));
              series.put(key(parts.group(1), parts.group(2)), value);
            });
    return new Scrape(series);
  }

  /// No label of the tests holds a comma.
  private static String key(String name, String labels) {
    return labels == null
        ? name
        : name + Arrays.stream(labels.split(",")).collect(Collectors.toCollection(TreeSet::new));
  }

  /// The value of a series, 0 where there is none yet.
  double get(String key) {
    return series.getOrDefault(key, 0.0);
  }
}
