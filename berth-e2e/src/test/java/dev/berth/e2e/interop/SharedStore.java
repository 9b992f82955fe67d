package dev.berth.e2e.interop;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import java.nio.file.Path;

/// Berth and registry 2.8.2, both up, on one directory and with one `http.secret`.
record SharedStore(RunningRegistry berth, RunningRegistry two) implements AutoCloseable {
  static SharedStore on(Path root) {
    RegistryConfig config = RegistryConfig.on(root);
    RunningRegistry two = Registries.DISTRIBUTION_2.start(config);
    try {
      return new SharedStore(Registries.underTest().start(config), two);
    } catch (AssertionError e) {
      two.stop();
      throw e;
    }
  }

  /// Which of the two acts first in a test that is run in both directions.
  enum First {
    BERTH,
    REGISTRY_2
  }

  RegistryClient first(First first) {
    return first == First.BERTH ? berth.client() : two.client();
  }

  RegistryClient second(First first) {
    return first == First.BERTH ? two.client() : berth.client();
  }

  @Override
  public void close() {
    try {
      berth.stop();
    } finally {
      two.stop();
    }
  }
}
