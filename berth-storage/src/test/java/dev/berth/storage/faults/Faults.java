package dev.berth.storage.faults;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Decides which call meets which fault: some at random, some by order. Counts calls. For use by
/// many threads; with one thread, the same seed gives the same faults.
public final class Faults {
  private record Turn(Operation operation, long number) {}

  private final long seed;
  private final SplittableRandom random;
  private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
  private final Map<Turn, Fault> ordered = new HashMap<>();
  private double rate;
  private Set<Fault> kinds = Set.of();

  /// No faults yet. Prints the seed, so that a failing test can be run again with it.
  public Faults(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    System.out.println("faults: seed " + seed);
  }

  /// From now on a share of calls, 0 to 1, meets one of these kinds, as far as the operation can.
  public synchronized Faults at(double share, Fault... ofKinds) {
    rate = share;
    kinds = Set.of(ofKinds);
    return this;
  }

  /// The `number`-th call of this operation from now on, 1 for the next, meets `fault`.
  public synchronized Faults on(Operation operation, int number, Fault fault) {
    if (!operation.possible().contains(fault)) {
      throw new IllegalArgumentException(operation + " cannot meet " + fault);
    }
    ordered.put(new Turn(operation, count(operation) + number), fault);
    return this;
  }

  /// How often the operation was called.
  public synchronized long count(Operation operation) {
    return counts.getOrDefault(operation, 0L);
  }

  synchronized Optional<Fault> next(Operation operation) {
    long number = counts.merge(operation, 1L, Long::sum);
    Fault byOrder = ordered.remove(new Turn(operation, number));
    if (byOrder != null) {
      return Optional.of(byOrder);
    }
    List<Fault> possible = operation.possible().stream().filter(kinds::contains).sorted().toList();
    if (possible.isEmpty() || random.nextDouble() >= rate) {
      return Optional.empty();
    }
    return Optional.of(possible.get(random.nextInt(possible.size())));
  }

  /// 0 to `most`.
  synchronized int some(int most) {
    return random.nextInt(most + 1);
  }

  @Override
  public String toString() {
    return "seed " + seed;
  }
}
