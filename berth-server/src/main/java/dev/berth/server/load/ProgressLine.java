package dev.berth.server.load;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/// One line about how it goes: on a terminal written over itself, elsewhere one in ten.
final class ProgressLine {
  static final Duration EVERY = Duration.ofSeconds(1);

  private static final int SELDOM = 10;
  private static final int WIDTH = 79;
  private static final double MEBI = 1 << 20;

  private final PrintStream out;
  private final boolean terminal;
  private int calls;
  private boolean open;
  private double lastSecond;

  /// @param terminal whether `out` is one
  ProgressLine(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void show(Second second, int users, long errors) {
    double time = Math.max(second.end() - lastSecond, Double.MIN_NORMAL);
    lastSecond = second.end();
    show(
        String.format(
            Locale.ROOT,
            "%5.0f s  %d users  %.1f pushes/s  %.1f pulls/s  %.1f MiB/s  %d errors",
            second.end(),
            users,
            second.pushes() / time,
            second.pulls() / time,
            second.bytes() / MEBI / time,
            errors));
  }

  void show(String text) {
    calls++;
    if (terminal) {
      out.print("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
      out.flush();
      open = true;
    } else if (calls % SELDOM == 0) {
      out.println(text);
    }
  }

  /// Ends the line, so that something else can be written.
  void end() {
    if (open) {
      out.println();
      open = false;
    }
  }
}
