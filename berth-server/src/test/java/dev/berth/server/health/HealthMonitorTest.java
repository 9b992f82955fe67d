package dev.berth.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.berth.config.HealthConfig;
import dev.berth.config.ListenAddress;
import dev.berth.server.QuietLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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
    monitor[0] =
        new HealthMonitor(
            List.of(new HealthCheck("x", OFTEN, 3, HealthCheck.LIMIT, look)), threads);
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

  @Test
  void aLookThatTakesLongerThanItsLimitIsAFailure() {
    var hangs = new CountDownLatch(1);
    var check = new HealthCheck("x", OFTEN, 1, Duration.ofMillis(50), hangs::await);
    var monitor = new HealthMonitor(List.of(check), threads);

    await(() -> !monitor.isHealthy());
    assertThat(monitor.faults().get("x")).startsWith("no answer within");
    hangs.countDown();
    await(monitor::isHealthy);
  }

  /// As with registry 2.8.2: a login in the address is sent, and a redirect followed.
  @Test
  void asksAnotherServerAsItsOperatorWants() throws IOException {
    Map<String, String> seen = new ConcurrentHashMap<>();
    var status = new AtomicInteger(200);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    server.createContext(
        "/",
        exchange -> {
          Headers fields = exchange.getRequestHeaders();
          seen.put("login", fields.getOrDefault("Authorization", List.of("none")).getFirst());
          seen.put("field", fields.getOrDefault("X-A", List.of("none")).getFirst());
          boolean first = exchange.getRequestURI().getPath().equals("/a");
          exchange.getResponseHeaders().set("Location", "/b");
          exchange.sendResponseHeaders(first ? 302 : status.get(), -1);
          exchange.close();
        });
    server.start();
    try {
      URI uri = URI.create("http://u:pass@127.0.0.1:" + server.getAddress().getPort() + "/a");
      var check =
          new HealthConfig.HttpCheck(
              uri,
              Map.of("Host", List.of("other"), "X-A", List.of("b")),
              200,
              Duration.ofSeconds(5),
              OFTEN,
              1);
      var health =
          new HealthConfig(
              HealthConfig.DEFAULTS.storageDriver(), List.of(), List.of(check), List.of());
      HealthMonitor monitor;
      try (var quiet = new QuietLog()) {
        monitor = new HealthMonitor(HealthChecks.of(health, "x", () -> {}), threads);
        assertThat(quiet.messages())
            .anyMatch(line -> line.contains("cannot be sent: Host"))
            .noneMatch(line -> line.contains("pass"));
      }
      await(() -> seen.containsKey("login"));
      assertThat(seen).containsEntry("login", "Basic dTpwYXNz").containsEntry("field", "b");
      assertThat(monitor.isHealthy()).isTrue();

      status.set(500);
      await(() -> !monitor.isHealthy());
      assertThat(monitor.faults().values())
          .singleElement()
          .asString()
          .contains("unexpected status: 500");
    } finally {
      server.stop(0);
    }
  }
}
