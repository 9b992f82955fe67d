package dev.berth.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.durability.Facts.Crash;
import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// SIGKILL under load, again and again on one directory: each start serves all that was
/// acknowledged before. `-Dberth.e2e.kills=N` sets how often.
@Isolated
final class KillLoopIT {
  private static final int KILLS = Integer.getInteger("berth.e2e.kills", 40);
  private static final int KILLS_IN_EVERY_BUILD = 3;
  private static final int CLIENTS = 4;
  private static final int MOST_MILLIS = 1_500;

  @TempDir private Path root;

  @Test
  void servesWhatItAcknowledgedAfterAFewKills() {
    killAndLook(KILLS_IN_EVERY_BUILD);
  }

  @Large
  @Test
  void servesWhatItAcknowledgedAfterManyKills() {
    killAndLook(KILLS);
  }

  private void killAndLook(int kills) {
    long seed = System.nanoTime();
    System.out.println("killing with seed " + seed);
    var random = new SplittableRandom(seed);
    int facts = 0;
    for (int i = 0; i < kills; i++) {
      var round = new Facts();
      Crash crash = loadAndKill(random, round, "round" + i);
      facts += round.subjects().size();
      try (RunningRegistry after = start()) {
        assertThat(Recovery.losses(after.client(), round, crash)).as("after kill %d", i).isEmpty();
      }
    }
    System.out.printf("%d kills, %d facts checked%n", kills, facts);
    assertThat(facts).isGreaterThan(kills);
  }

  private Crash loadAndKill(RandomGenerator random, Facts facts, String name) {
    RunningRegistry registry = start();
    try (PushLoad load = new PushLoad(clients(registry, random, facts, name))) {
      Waiting.pause(Duration.ofMillis(200 + random.nextInt(MOST_MILLIS)));
      load.failIfBroken();
      long from = System.nanoTime();
      registry.kill();
      return new Crash(from, System.nanoTime());
    }
  }

  private static List<PushClient> clients(
      RunningRegistry registry, RandomGenerator random, Facts facts, String name) {
    var clients = new ArrayList<PushClient>();
    for (int i = 0; i < CLIENTS; i++) {
      var own = new SplittableRandom(random.nextLong());
      boolean deletesTags = Registries.underTest() == Registries.BERTH;
      clients.add(new PushClient(registry.client(), facts, own, name + "/client" + i, deletesTags));
    }
    return clients;
  }

  private RunningRegistry start() {
    return Registries.underTest().start(RegistryConfig.on(root));
  }
}
