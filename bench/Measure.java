import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoublePredicate;

/// One row of the results: something that is done to several servers in turn, a few rounds long.
final class Measure {
  /// Does the work on one server and gives its cost, in the measure's unit.
  interface Work {
    double on(Server server) throws Exception;
  }

  final String title;
  final String unit;
  final Work warm;
  final Work work;
  final Map<Server.Kind, Samples> results = new EnumMap<>(Server.Kind.class);
  private String goal = "";
  private Server.Kind reference = Server.Kind.BERTH;
  private DoublePredicate met = ratio -> true;
  private boolean inverse;

  Measure(String title, String unit, Work warm, Work work) {
    this.title = title;
    this.unit = unit;
    this.warm = warm;
    this.work = work;
  }

  /// Berth may cost at most `most` times what the reference costs.
  Measure atMost(double most, Server.Kind reference) {
    this.reference = reference;
    this.goal = "≤ " + most + "× " + reference.title;
    this.met = ratio -> ratio <= most;
    return this;
  }

  /// Berth must do at least `least` times as many for the same cost.
  Measure atLeast(double least, Server.Kind reference) {
    this.reference = reference;
    this.inverse = true;
    this.goal = "≥ " + least + "× as many as " + reference.title;
    this.met = ratio -> ratio >= least;
    return this;
  }

  /// Berth's own value may be at most this.
  Measure atMost(double most) {
    this.goal = "≤ " + Samples.number(most) + " " + unit;
    this.met = value -> value <= most;
    return this;
  }

  /// One round on one server.
  void round(Server server) throws Exception {
    double value = work.on(server);
    results.computeIfAbsent(server.kind, _ -> new Samples()).add(value);
    System.err.printf(
        Locale.ROOT,
        "  %-28s %-14s %s %s%n",
        title,
        server.kind.title,
        Samples.number(value),
        unit);
  }

  /// A line of the Markdown table.
  String row() {
    StringBuilder row = new StringBuilder("| " + title + ", " + unit + " |");
    for (Server.Kind kind : Server.Kind.values()) {
      row.append(' ').append(results.containsKey(kind) ? results.get(kind) : "").append(" |");
    }
    return row + " " + verdict() + " |";
  }

  private String verdict() {
    Samples berth = results.get(Server.Kind.BERTH);
    Samples other = results.get(reference);
    if (goal.isEmpty() || berth == null || other == null) {
      return goal;
    }
    double value = berth.median();
    String shown = "";
    if (reference != Server.Kind.BERTH) {
      value = inverse ? other.median() / value : value / other.median();
      shown = String.format(Locale.ROOT, "**%.2f×**, ", value);
    }
    return shown + goal + (met.test(value) ? ": met" : ": **not met**");
  }
}
