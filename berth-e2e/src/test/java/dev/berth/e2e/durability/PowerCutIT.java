package dev.berth.e2e.durability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.durability.CrashDisk.FileSystem;
import dev.berth.e2e.harness.Large;
import dev.berth.e2e.harness.Registries;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// An acknowledged push, mount, tag move or delete survives a power cut.
///
/// `-Dberth.e2e.cuts=N` makes N cuts over both file systems together.
@Isolated
final class PowerCutIT {
  private static final int CUTS = Integer.getInteger("berth.e2e.cuts", 100);

  /// Registry 2.8.2 loses something at one cut in four to forty, as the disk is fast; Berth without
  /// directory syncs at one in two to six. Cuts end with the first loss.
  private static final int MOST_CUTS_TO_CATCH_REGISTRY_2 = 300;

  private static final int MOST_CUTS_TO_CATCH_THE_FAULT = 100;

  private static final int CUTS_IN_EVERY_BUILD = 3;

  @ParameterizedTest
  @EnumSource
  void keepsWhatItAcknowledged(FileSystem type) {
    assertNothingLost(type, CUTS_IN_EVERY_BUILD);
  }

  @Large
  @ParameterizedTest
  @EnumSource
  void keepsWhatItAcknowledgedThroughManyCuts(FileSystem type) {
    assertNothingLost(type, CUTS / 2);
  }

  /// A test that cannot fail shows nothing: without directory syncs, facts must be lost.
  @Large
  @ParameterizedTest
  @EnumSource
  void seesTheLossesOfABerthThatDoesNotSyncDirectories(FileSystem type) {
    var environment = Map.of("BERTH_JAVA_OPTS", "-Dberth.fault.nodirsync=true");
    var cuts = new PowerCuts(Registries.BERTH, type, environment, System.nanoTime());

    assertThat(cuts.runUntil(_ -> true, MOST_CUTS_TO_CATCH_THE_FAULT).losses()).isNotEmpty();
  }

  @Large
  @Test
  void seesThatRegistry2BringsAcknowledgedDeletesBack() {
    var cuts =
        new PowerCuts(Registries.DISTRIBUTION_2, FileSystem.EXT4, Map.of(), System.nanoTime());

    Predicate<String> isBack = loss -> loss.endsWith("should be one of [Optional.empty]");
    assertThat(cuts.runUntil(isBack, MOST_CUTS_TO_CATCH_REGISTRY_2).losses()).anyMatch(isBack);
  }

  private static void assertNothingLost(FileSystem type, int count) {
    var cuts = new PowerCuts(Registries.underTest(), type, Map.of(), System.nanoTime());

    PowerCuts.Report report = cuts.run(count);

    assertThat(report.losses()).isEmpty();
    assertThat(report.facts()).as("facts checked").isGreaterThan(count);
  }
}
