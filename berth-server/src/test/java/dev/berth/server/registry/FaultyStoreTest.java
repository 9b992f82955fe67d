package dev.berth.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.oci.Registry;
import dev.berth.oci.RegistryException;
import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageException;
import dev.berth.storage.faults.Fault;
import dev.berth.storage.faults.Faults;
import dev.berth.storage.faults.FaultyDriver;
import dev.berth.storage.faults.PowerCutDriver;
import dev.berth.storage.memory.MemoryDriver;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What was acknowledged stands, on a store that fails at random and on one that loses power in the
/// middle of calls. Each round prints its seed; `-Dberth.seed=N` runs one again.
class FaultyStoreTest {
  private static final long CAPACITY = 1L << 28;
  private static final int STEPS = 60;
  private static final int ROUNDS = 40;

  /// Calls on the driver until the power goes: from the middle of the first push to after the last
  /// step.
  private static final int MAX_CALLS = 1500;

  private final Logger faultLog = Logger.getLogger(Faults.class.getPackageName());
  private final Logger registryLog = Logger.getLogger("dev.berth.server.registry");

  @BeforeEach
  void expectFailures() {
    faultLog.setLevel(Level.OFF);
    registryLog.setLevel(Level.OFF);
  }

  @AfterEach
  void expectNone() {
    faultLog.setLevel(null);
    registryLog.setLevel(null);
  }

  private static long firstSeed() {
    return Long.getLong("berth.seed", System.nanoTime());
  }

  private static int rounds() {
    return Long.getLong("berth.seed") == null ? ROUNDS : 1;
  }

  @Test
  void keepsWhatItAcknowledgedWhenCallsFailAtRandom() throws IOException {
    long seed = firstSeed();
    int acknowledged = 0;
    for (int round = 0; round < rounds(); round++) {
      Faults faults = new Faults(seed + round);
      var memory = new MemoryDriver(CAPACITY, InstantSource.system());
      Registry registry =
          RegistryContract.over(new FaultyDriver(memory, faults), RegistryContract.RULES);
      var history = new PushHistory(new SplittableRandom(seed + round));
      faults.at(0.01, Fault.values());

      for (int step = 0; step < STEPS; step++) {
        history.step(registry);
      }
      faults.at(0);

      acknowledged += history.acknowledged();
      history.check(RegistryContract.over(memory, RegistryContract.RULES));
    }
    assertThat(acknowledged).isGreaterThan(rounds() * STEPS / 2);
  }

  @Test
  void keepsWhatItAcknowledgedWhenThePowerGoes() throws IOException {
    long seed = firstSeed();
    int acknowledged = 0;
    for (int round = 0; round < rounds(); round++) {
      acknowledged += cutOnce(seed + round, false);
    }
    assertThat(acknowledged).isGreaterThan(rounds());
  }

  /// The planted fault: links written without being made durable must be noticed.
  @Test
  void noticesAStoreThatOnlyPretendsToBeDurable() {
    long seed = firstSeed();

    assertThatThrownBy(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                cutOnce(seed + round, true);
              }
            })
        .isInstanceOfAny(AssertionError.class, RegistryException.class);
  }

  private static int cutOnce(long seed, boolean pretend) throws IOException {
    var random = new SplittableRandom(seed);
    var powered = new PowerCutDriver(seed);
    var rest = new AtomicReference<PowerCutDriver>();
    int[] calls = {random.nextInt(MAX_CALLS)};
    StorageDriver driver =
        intercepted(
            powered,
            () -> {
              if (calls[0]-- == 0) {
                rest.set(powered.cut());
              }
            },
            pretend);
    var history = new PushHistory(random);
    try {
      Registry registry = RegistryContract.over(driver, RegistryContract.RULES);
      for (int step = 0; step < STEPS && rest.get() == null; step++) {
        history.step(registry);
      }
    } catch (StorageException e) {
      assertThat(rest.get()).as("failed before the cut").isNotNull();
    }
    if (rest.get() == null) {
      rest.set(powered.cut());
    }
    history.check(RegistryContract.over(rest.get(), RegistryContract.RULES));
    return history.acknowledged();
  }

  /// The driver with something done before each call; where `pretend` is set, a durable write is a
  /// volatile one.
  private static StorageDriver intercepted(StorageDriver driver, Runnable before, boolean pretend) {
    Set<String> durable = Set.of("put");
    return (StorageDriver)
        Proxy.newProxyInstance(
            StorageDriver.class.getClassLoader(),
            new Class<?>[] {StorageDriver.class},
            (_, method, arguments) -> {
              before.run();
              try {
                return pretend && durable.contains(method.getName())
                    ? StorageDriver.class
                        .getMethod("putVolatile", method.getParameterTypes())
                        .invoke(driver, arguments)
                    : method.invoke(driver, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
