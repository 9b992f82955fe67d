package dev.berth.e2e.durability;

import dev.berth.e2e.durability.CrashDisk.FileSystem;
import dev.berth.e2e.durability.PushClient.Action;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Cuts the power of a registry under load, many times, and looks at what comes back.
final class PowerCuts {
  /// A new disk after so many cuts, so that no check grows long.
  private static final int CUTS_PER_DISK = 10;

  private static final int MOST_CLIENTS = 3;
  private static final int MOST_MILLIS_BETWEEN_CUTS = 300;

  private final Registries kind;
  private final FileSystem type;
  private final Map<String, String> environment;
  private final RandomGenerator random;

  /// @param losses one line for each acknowledged fact that a cut undid
  record Report(int cuts, int cutsWithLosses, int facts, List<String> losses) {}

  /// @param environment further variables of the registry under load, not of the one that checks
  PowerCuts(Registries kind, FileSystem type, Map<String, String> environment, long seed) {
    this.kind = kind;
    this.type = type;
    this.environment = environment;
    this.random = new SplittableRandom(seed);
    System.out.printf("power cuts of %s on %s: seed %d%n", kind, type, seed);
  }

  Report run(int cuts) {
    return runUntil(_ -> false, cuts);
  }

  /// Cuts until something is lost that is looked for: how often that happens depends on the disk.
  ///
  /// @param most cuts at most
  Report runUntil(Predicate<String> loss, int most) {
    var losses = new ArrayList<String>();
    int bad = 0;
    int facts = 0;
    int done = 0;
    while (done < most && losses.stream().noneMatch(loss)) {
      int now = Math.min(CUTS_PER_DISK, most - done);
      try (CrashDisk disk = CrashDisk.make(type)) {
        Report report = onOneDisk(disk, now);
        losses.addAll(report.losses);
        bad += report.cutsWithLosses;
        facts += report.facts;
      }
      done += now;
      System.out.printf(
          "power cuts of %s on %s: %d of %d, %d facts checked, %d with losses%n",
          kind, type, done, most, facts, bad);
    }
    return new Report(done, bad, facts, losses);
  }

  private Report onOneDisk(CrashDisk disk, int cuts) {
    var facts = new Facts();
    var losses = new ArrayList<String>();
    int bad = 0;
    int checked = 0;
    try (RunningRegistry registry = start(disk.mounted(), environment);
        PushLoad load = load(registry, facts)) {
      for (int i = 0; i < cuts; i++) {
        var cut = new CrashDisk.Copy[1];
        Waiting.pause(Duration.ofMillis(random.nextInt(MOST_MILLIS_BETWEEN_CUTS)));
        if (random.nextInt(4) == 0) {
          cut[0] = disk.cut();
        } else {
          load.onceAcknowledged(action(), () -> cut[0] = disk.cut());
        }
        try (CrashDisk.Copy copy = cut[0]) {
          var found = new ArrayList<String>();
          load.paused(() -> found.addAll(check(copy, facts)));
          losses.addAll(found);
          bad += found.isEmpty() ? 0 : 1;
          checked += facts.subjects().size();
        }
      }
      load.failIfBroken();
    }
    return new Report(cuts, bad, checked, losses);
  }

  private List<String> check(CrashDisk.Copy copy, Facts facts) {
    Path where = copy.mount();
    try (RunningRegistry after = start(where, Map.of())) {
      return Recovery.losses(after.client(), facts, copy.crash());
    }
  }

  private Action action() {
    Action[] all = Action.values();
    Action action = all[random.nextInt(all.length)];
    return action == Action.DELETE_TAG && kind != Registries.BERTH ? Action.MOVE_TAG : action;
  }

  private RunningRegistry start(Path disk, Map<String, String> variables) {
    return kind.start(RegistryConfig.on(disk.resolve("registry")), variables);
  }

  private PushLoad load(RunningRegistry registry, Facts facts) {
    var clients = new ArrayList<PushClient>();
    // Half the time alone: the syncs of one client also save what another left unsynced.
    int count = random.nextBoolean() ? 1 : 2 + random.nextInt(MOST_CLIENTS - 1);
    for (int i = 0; i < count; i++) {
      clients.add(
          new PushClient(
              registry.client(),
              facts,
              new SplittableRandom(random.nextLong()),
              "client" + i,
              kind == Registries.BERTH));
    }
    return new PushLoad(clients);
  }
}
