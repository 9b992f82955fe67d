package dev.berth.e2e.clients;

import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryClient;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A fresh Berth for each test of a client. The registry starts on first use, so that a test whose
/// client is not installed costs nothing.
abstract class ClientTest {
  @TempDir Path folder;

  RandomGenerator random = new SplittableRandom();
  private @Nullable RunningRegistry registry;

  @BeforeEach
  final void seed() {
    long seed = System.nanoTime();
    System.out.println(getClass().getSimpleName() + ": seed " + seed);
    random = new SplittableRandom(seed);
  }

  @AfterEach
  final void stopRegistryAndClearFolder() {
    if (registry != null) {
      registry.stop();
    }
    // Engines leave unpacked images behind, whose links point out of the folder: JUnit warns of
    // each.
    Program.of("find", folder, "-xdev", "-mindepth", "1", "-delete").run();
  }

  /// What the registry is told.
  RegistryConfig config() {
    return RegistryConfig.on(folder.resolve("registry"));
  }

  final RunningRegistry registry() {
    RunningRegistry running = registry;
    if (running == null) {
      running = Registries.underTest().start(config());
      registry = running;
    }
    return running;
  }

  /// Our own view of what the client under test has done.
  final RegistryClient client() {
    return registry().client();
  }
}
