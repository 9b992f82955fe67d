package dev.berth.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.config.HealthConfig;
import dev.berth.config.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthMonitorTest {
  private static final Duration OFTEN = Duration.ofMillis(5);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static void await(BooleanSupplier wanted) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
      LockSupport.parkNanos(OFTEN.toNanos());
    }
  }

  @Test
  void isUnhealthyAfterAsManyFailuresAsTheThresholdAndHealthyAfterOneSuccess() {
    var broken = new AtomicBoolean(true);
    var looks = new AtomicInteger();
    var healthyAtSecondLook = new AtomicBoolean();
    HealthMonitor[] monitor = new HealthMonitor[1];
    HealthCheck.Look look =
        () -> {
          if (looks.incrementAndGet() == 3) {
            healthyAtSecondLook.set(monitor[0].isHealthy());
          }
          if (broken.get()) {
            throw new IOException("planted");
          }
        };
    monitor[0] = new HealthMonitor(List.of(), threads);
    monitor[0] = new HealthMonitor(List.of(new HealthCheck("x", OFTEN, 3, look)), threads);
    assertThat(monitor[0].isHealthy()).isTrue();

    await(() -> !monitor[0].isHealthy());

    assertThat(looks.get()).isGreaterThanOrEqualTo(3);
    assertThat(healthyAtSecondLook).isTrue();
    broken.set(false);
    await(monitor[0]::isHealthy);
  }

  @Test
  void looksAtFilesAndAddresses(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("down");
    HealthMonitor monitor;
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = ListenAddress.parse("127.0.0.1:" + listener.getLocalPort());
      var health =
          new HealthConfig(
              HealthConfig.DEFAULTS.storageDriver(),
              List.of(new HealthConfig.FileCheck(file, OFTEN, 1)),
              List.of(),
              List.of(new HealthConfig.TcpCheck(address, Duration.ofSeconds(1), OFTEN, 1)));
      monitor = new HealthMonitor(HealthChecks.of(health, "x", () -> {}), threads);
      assertThat(monitor.isHealthy()).isTrue();

      Files.createFile(file);
      await(() -> !monitor.isHealthy());
      Files.delete(file);
      await(monitor::isHealthy);
    }

    await(() -> !monitor.isHealthy());
  }
}
