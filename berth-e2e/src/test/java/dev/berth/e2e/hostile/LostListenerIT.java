package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.LoopbackPorts;
import dev.berth.e2e.harness.Program;
import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.Tools;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Somebody destroys the listening socket of a server that goes on: it says so once, and waits for
/// whoever restarts it.
final class LostListenerIT {
  private static final String SAID = "was destroyed from outside";

  @TempDir private Path folder;

  @Test
  void saysSoOnceAndServesWhoIsConnected() throws Exception {
    Tools.requireRoot();
    try (RunningRegistry berth = Registries.BERTH.start(RegistryConfig.on(folder));
        var connected = new RawConnection(berth.port())) {
      assertServed(connected);

      Program.of(Tools.get("ss"), "-K", "state", "listening", "sport", "=", ":" + berth.port())
          .run();
      Waiting.until("it knows", Duration.ofSeconds(10), () -> berth.log().contains(SAID));

      assertThat(LoopbackPorts.isTaken(berth.port())).isFalse();
      assertServed(connected);
      Waiting.pause(Duration.ofSeconds(2));
      assertThat(berth.log().lines().filter(line -> line.contains(SAID))).hasSize(1);
      assertThat(berth.log().lines()).hasSizeLessThan(10);
    }
  }

  private static void assertServed(RawConnection connected) throws IOException {
    connected.write("GET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(connected.read(false).status()).isEqualTo(200);
  }
}
