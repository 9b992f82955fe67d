package dev.berth.server.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Lines over time as inline SVG. Colours come from the page, by the classes `line0` and on.
final class LineChart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 240;
  private static final int LEFT = 64;
  private static final int TOP = 12;
  private static final int BOTTOM = 28;
  private static final int RIGHT = 12;
  private static final int MOST_POINTS = 360;
  private static final int STEPS = 4;
  private static final double TEN = 10;
  private static final double[] ROUND = {1, 2, 2.5, 5, TEN};

  private final String title;
  private final List<Line> lines = new ArrayList<>();
  private final double[] times;

  /// @param values one for each time
  private record Line(String name, double[] values) {}

  /// @param title what it shows, with its unit
  /// @param times seconds, rising
  LineChart(String title, double[] times) {
    this.title = title;
    this.times = thinned(times);
  }

  /// @param values one for each time; where there are too many to draw, the highest are
  LineChart with(String name, double[] values) {
    lines.add(new Line(name, thinned(values)));
    return this;
  }

  /// Every point, or the highest of each group where there are more than can be seen apart.
  private static double[] thinned(double[] values) {
    int group = (values.length + MOST_POINTS - 1) / MOST_POINTS;
    if (group <= 1) {
      return values.clone();
    }
    double[] few = new double[(values.length + group - 1) / group];
    for (int i = 0; i < values.length; i++) {
      few[i / group] = Math.max(few[i / group], values[i]);
    }
    return few;
  }

  String svg() {
    double highest =
        roundUp(
            lines.stream().flatMapToDouble(line -> Arrays.stream(line.values())).max().orElse(0));
    double end = times.length == 0 ? 1 : Math.max(times[times.length - 1], 1);
    StringBuilder svg = new StringBuilder("<figure><figcaption>");
    svg.append(Html.escaped(title)).append("</figcaption>");
    legend(svg);
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(WIDTH, HEIGHT, Html.escaped(title)));
    axes(svg, highest, end);
    for (int i = 0; i < lines.size(); i++) {
      line(svg, i, highest, end);
    }
    return svg.append("</svg></figure>\n").toString();
  }

  private void legend(StringBuilder svg) {
    svg.append("<p class=\"legend\">");
    for (int i = 0; i < lines.size(); i++) {
      svg.append("<span class=\"key%d\">%s</span>".formatted(i, Html.escaped(lines.get(i).name())));
    }
    svg.append("</p>");
  }

  private static void axes(StringBuilder svg, double highest, double end) {
    for (int i = 0; i <= STEPS; i++) {
      double value = highest * i / STEPS;
      double y = y(value, highest);
      svg.append(
          String.format(
              Locale.ROOT,
              "<path class=\"grid\" d=\"M%d %.1fH%d\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT,
              y,
              WIDTH - RIGHT,
              LEFT - 8,
              y + STEPS,
              label(value)));
    }
    double step = roundUp(end / STEPS);
    for (double second = 0; second <= end; second += step) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s s</text>",
              x(second, end),
              HEIGHT - 8,
              second == 0 ? "start" : "middle",
              label(second)));
    }
  }

  private void line(StringBuilder svg, int index, double highest, double end) {
    double[] values = lines.get(index).values();
    if (values.length == 1) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<circle class=\"line%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>",
              index,
              x(times[0], end),
              y(values[0], highest)));
      return;
    }
    svg.append("<polyline class=\"line").append(index).append("\" points=\"");
    for (int i = 0; i < values.length; i++) {
      svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(times[i], end), y(values[i], highest)));
    }
    svg.append("\"/>");
  }

  private static double x(double second, double end) {
    return LEFT + second / end * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double value, double highest) {
    return HEIGHT - BOTTOM - value / highest * (HEIGHT - TOP - BOTTOM);
  }

  /// The next number that is easy to read.
  private static double roundUp(double value) {
    if (value <= 0) {
      return 1;
    }
    double power = Math.pow(TEN, Math.floor(Math.log10(value)));
    for (double factor : ROUND) {
      if (factor * power >= value) {
        return factor * power;
      }
    }
    return TEN * power;
  }

  private static String label(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }
}
