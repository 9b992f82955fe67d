package dev.berth.server.store;

import dev.berth.oci.PageRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/// Picks one page out of more names than memory should hold: those that sort first after
/// `page.last()`, as many as the page asks for and the bound on memory allows. Names come in any
/// order.
final class FirstNames {
  private final PriorityQueue<String> kept = new PriorityQueue<>(Comparator.reverseOrder());
  private final String after;
  private final int mostNames;
  private final long mostWeight;
  private final Predicate<String> wanted;
  private long weight;
  private boolean more;

  /// @param wanted asked only for names that would be picked
  FirstNames(PageRequest page, long mostWeight, Predicate<String> wanted) {
    this.after = page.last().orElse("");
    this.mostNames = page.limit().orElse(Integer.MAX_VALUE);
    this.mostWeight = mostWeight;
    this.wanted = wanted;
  }

  void add(String name) {
    if (name.compareTo(after) <= 0 || isBehindFull(name) || !wanted.test(name)) {
      return;
    }
    kept.add(name);
    weight += TagNames.weight(name);
    while (kept.size() > mostNames || weight > mostWeight) {
      weight -= TagNames.weight(kept.remove());
      more = true;
    }
  }

  private boolean isBehindFull(String name) {
    String last = kept.peek();
    return more && (last == null || name.compareTo(last) > 0);
  }

  /// Whether there are names after those picked.
  boolean more() {
    return more;
  }

  List<String> sorted() {
    List<String> names = new ArrayList<>(kept);
    names.sort(null);
    return names;
  }
}
