package dev.berth.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// `examples/check-zones` against the cluster.
@OnCluster
final class CheckZonesIT {
  private final Cluster cluster = Cluster.get();

  @Test
  void asManyZonesAsThereAreAreEnoughAndOneMoreIsNot() {
    long zones =
        cluster.workers().stream()
            .map(node -> node.getMetadata().getLabels().get(Cluster.ZONE))
            .distinct()
            .count();

    Program.Outcome enough = check(Long.toString(zones)).outcome();
    Program.Outcome tooFew = check(Long.toString(zones + 1)).outcome();

    assertThat(enough.exit()).as(enough.toString()).isZero();
    assertThat(enough.out()).contains(zones + " wanted: enough", "The zones of the control plane:");
    cluster
        .workers()
        .forEach(
            node ->
                assertThat(enough.out())
                    .contains(
                        node.getMetadata().getName(), cluster.zone(node.getMetadata().getName())));
    assertThat(tooFew.exit()).isOne();
    assertThat(tooFew.out()).contains("too few");
    assertThat(check("three").outcome().exit()).isEqualTo(2);
    assertThat(check("1").with("KUBECONFIG", "/nowhere").outcome().exit()).isEqualTo(3);
  }

  private static Program check(String zones) {
    Path root = Registries.repository();
    return Program.of(root.resolve("examples/check-zones"), zones);
  }
}
