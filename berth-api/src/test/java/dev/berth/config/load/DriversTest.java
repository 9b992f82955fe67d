package dev.berth.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.DriverConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriversTest {
  /// So that a new kind of store cannot be left without a name in `config.yml`.
  @Test
  void everyKindOfStoreHasOneNameAndEveryNameAKind() {
    List<Class<?>> named =
        Drivers.KNOWN.stream()
            .map(name -> Loading.load("version: 0.1\nstorage: " + name + "\n"))
            .<Class<?>>map(loaded -> loaded.config().storage().driver().getClass())
            .toList();

    assertThat(named).containsExactlyInAnyOrder(DriverConfig.class.getPermittedSubclasses());
  }
}
