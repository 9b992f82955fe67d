package dev.berth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.ErrorCode;
import dev.berth.oci.RegistryException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManifestLoadBudgetTest {
  private static final int MIB = 1 << 20;

  private final LoadBudget budget = new LoadBudget(4 * MIB, Duration.ofMillis(20));

  @Test
  void refusesALargeManifestWhileOthersTakeAllRoomAndTakesItAfterwards() {
    try (LoadBudget.Lease first = budget.acquire(3 * MIB)) {
      assertThat(first.counted()).isEqualTo(3 * MIB);
      assertThatThrownBy(() -> budget.acquire(2 * MIB))
          .isInstanceOfSatisfying(
              RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
      try (LoadBudget.Lease small = budget.acquire(LoadBudget.FREE_BYTES)) {
        assertThat(small.counted()).isZero();
      }
    }
    try (LoadBudget.Lease next = budget.acquire(2 * MIB)) {
      assertThat(next.counted()).isEqualTo(2 * MIB);
    }
  }

  @Test
  void takesOneManifestThatIsLargerThanAllRoom() {
    try (LoadBudget.Lease all = budget.acquire(9 * MIB)) {
      assertThat(all.counted()).isEqualTo(4 * MIB);
    }
  }
}
