package dev.berth.e2e.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.e2e.harness.Registries;
import dev.berth.e2e.harness.RegistryConfig;
import dev.berth.e2e.harness.RunningRegistry;
import dev.berth.e2e.harness.SampleImage;
import dev.berth.e2e.harness.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Clients that are slow, go away or leave half a request: they cost themselves something, and
/// nobody else.
@Isolated
final class RudeClientsIT {
  private static final int MANY = 300;
  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final String SHORT_LIMITS =
      "berth: {limits: {connections: {idletimeout: 2s, bodytimeout: 2s, sendtimeout: 3s}}}\n";

  @TempDir private Path root;
  private RunningRegistry registry;
  private ServerProcess server;
  private int filesBefore;

  @BeforeEach
  void start() {
    registry = Registries.underTest().start(RegistryConfig.on(root).withExtra(SHORT_LIMITS));
    server = new ServerProcess(registry.pid());
    registry.client().push("calm", "image", SampleImage.small(new SplittableRandom(1)));
    filesBefore = server.openFiles();
  }

  @AfterEach
  void stop() {
    registry.stop();
  }

  @Test
  void closesConnectionsThatNeverFinishARequest() throws IOException {
    var rude = new ArrayList<RawConnection>();
    for (int i = 0; i < MANY; i++) {
      var connection = new RawConnection(registry.port());
      connection.write(i % 2 == 0 ? "GET /v2/ HTT" : "GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Slow: ");
      rude.add(connection);
    }

    assertOthersAreServed();
    assertFilesAreBack();

    rude.forEach(RawConnection::close);
  }

  /// They hold every thread that may write, so pushes of others may have to come again meanwhile.
  @Test
  void givesUpBodiesThatDoNotCome() throws IOException {
    var rude = new ArrayList<RawConnection>();
    for (int i = 0; i < MANY; i++) {
      var connection = new RawConnection(registry.port());
      connection.write(
          "%s /v2/slow/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf"
              .formatted(
                  i % 2 == 0 ? "PUT" : "POST",
                  i % 2 == 0 ? "manifests/x" : "blobs/uploads/?digest=" + Vocabulary.SOME_DIGEST));
      rude.add(connection);
    }

    assertReadsAreServed();
    assertFilesAreBack();
    assertOthersAreServed();

    rude.forEach(RawConnection::close);
  }

  @Test
  void survivesClientsThatLeaveInTheMiddleOfAnUpload() throws IOException {
    for (int i = 0; i < MANY; i++) {
      String location = registry.client().startUpload("leaving");
      try (var connection = new RawConnection(registry.port())) {
        connection.write(
            "PATCH %s HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nstart"
                .formatted(location.replaceFirst("^https?://[^/]+", "")));
      }
    }

    assertOthersAreServed();
    assertFilesAreBack();
  }

  @Test
  void survivesClientsThatLeaveInTheMiddleOfAnAnswer() throws IOException {
    byte[] big = new byte[8 << 20];
    new SplittableRandom(2).nextBytes(big);
    String digest = registry.client().pushBlob("big", big);
    var stalled = new ArrayList<RawConnection>();
    for (int i = 0; i < MANY / 3; i++) {
      var connection = new RawConnection(registry.port());
      connection.write("GET /v2/big/blobs/%s HTTP/1.1\r\nHost: x\r\n\r\n".formatted(digest));
      if (i % 2 == 0) {
        connection.close();
      } else {
        stalled.add(connection);
      }
    }

    assertOthersAreServed();
    assertFilesAreBack();

    stalled.forEach(RawConnection::close);
    assertThat(registry.client().findBlob("big", digest)).contains(big);
  }

  @Test
  void answersRequestsThatComeByteByByte() throws IOException {
    try (var connection = new RawConnection(registry.port())) {
      for (char c : "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n".toCharArray()) {
        connection.write(String.valueOf(c));
        Waiting.pause(Duration.ofMillis(10));
      }

      assertThat(connection.read(false).status()).isEqualTo(200);
    }
  }

  @Test
  void answersRequestsThatComeAllAtOnceInTheirOrder() throws IOException {
    try (var connection = new RawConnection(registry.port())) {
      connection.write(
          "GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20)
              + "GET /v2/none/tags/list HTTP/1.1\r\nHost: x\r\n\r\n");

      var statuses = new ArrayList<Integer>();
      for (int i = 0; i < 21; i++) {
        statuses.add(connection.read(false).status());
      }
      assertThat(statuses.subList(0, 20)).containsOnly(200);
      assertThat(statuses.getLast()).isEqualTo(404);
    }
  }

  private void assertOthersAreServed() {
    for (String tag : List.of("a", "b", "c")) {
      SampleImage image = SampleImage.small(new SplittableRandom(tag.hashCode()));
      registry.client().push("calm", tag, image);
      assertThat(registry.client().resolve("calm", tag)).contains(image.digest());
    }
  }

  private void assertReadsAreServed() {
    assertThat(registry.client().findManifest("calm", "image")).isPresent();
    assertThat(registry.client().tags("calm")).containsExactly("image");
  }

  private void assertFilesAreBack() {
    Waiting.until(
        "open files are back to about " + filesBefore,
        BOUND,
        () -> server.openFiles() <= filesBefore + 15);
  }
}
