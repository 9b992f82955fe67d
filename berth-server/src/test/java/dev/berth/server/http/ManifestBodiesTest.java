package dev.berth.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.oci.BodySource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ManifestBodiesTest {
  private static final int LIMIT = 200_000;

  private final ManifestBodies bodies = new ManifestBodies(LIMIT, 3 * LIMIT);

  private static RequestBody body(String announced, BodySource source) {
    var exchange = new FakeExchange("PUT", "/v2/x/manifests/y").body(source);
    exchange.header("Transfer-Encoding", "chunked");
    return new RequestBody(
        announced.isEmpty() ? exchange : exchange.header("Content-Length", announced));
  }

  private static BodySource runs(int count, int length) {
    var left = new int[] {count};
    return () -> left[0]-- > 0 ? ByteBuffer.wrap(filled(length)) : null;
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return bytes;
  }

  private ManifestBodies.Outcome read(String announced, BodySource source) throws Exception {
    try (ManifestBodies.Lease lease = bodies.read(body(announced, source))) {
      return lease.outcome();
    }
  }

  @Test
  void readsWhatComes() throws Exception {
    for (String announced : List.of("", "150000")) {
      try (ManifestBodies.Lease lease = bodies.read(body(announced, runs(3, 50_000)))) {
        assertThat(lease.outcome()).isEqualTo(ManifestBodies.Outcome.READ);
        assertThat(lease.bytes()).isEqualTo(filled(150_000));
      }
    }
  }

  @Test
  void refusesMoreThanTheLimit() throws Exception {
    assertThat(read("200001", runs(0, 0))).isEqualTo(ManifestBodies.Outcome.TOO_LARGE);
    assertThat(read("", runs(5, 50_000))).isEqualTo(ManifestBodies.Outcome.TOO_LARGE);
    assertThat(read("9".repeat(18), runs(0, 0))).isEqualTo(ManifestBodies.Outcome.TOO_LARGE);
    assertThat(read("9".repeat(19), runs(0, 0))).isEqualTo(ManifestBodies.Outcome.TOO_LARGE);
    assertThat(read("", runs(4, 50_000))).isEqualTo(ManifestBodies.Outcome.READ);
  }

  /// Each has a part of the room when they meet, and there is not enough for two of them.
  @Test
  void severalThatTogetherNeedMoreThanThereIsEndOneAfterTheOther() throws Exception {
    int several = 6;
    var met = new CyclicBarrier(several);
    List<FutureTask<ManifestBodies.Outcome>> reading = new ArrayList<>();
    for (int i = 0; i < several; i++) {
      BodySource parts = runs(20, 10_000);
      var at = new int[1];
      BodySource meeting =
          () -> {
            if (++at[0] == 2) {
              try {
                met.await();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
            return parts.next();
          };
      reading.add(new FutureTask<>(() -> read("", meeting)));
      Thread.ofPlatform().daemon().start(reading.getLast());
    }
    for (FutureTask<ManifestBodies.Outcome> one : reading) {
      assertThat(one.get()).isEqualTo(ManifestBodies.Outcome.READ);
    }
  }

  @Test
  void roomIsGivenBack() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(read("", runs(4, 50_000))).isEqualTo(ManifestBodies.Outcome.READ);
      assertThat(read("", runs(5, 50_000))).isEqualTo(ManifestBodies.Outcome.TOO_LARGE);
    }
    List<ManifestBodies.Lease> held = new ArrayList<>();
    ManifestBodies.Lease next = bodies.read(body("", runs(4, 50_000)));
    while (next.outcome() == ManifestBodies.Outcome.READ) {
      held.add(next);
      next = bodies.read(body("", runs(4, 50_000)));
    }
    assertThat(next.outcome()).isEqualTo(ManifestBodies.Outcome.NO_MEMORY);
    assertThat(held).as("two of the common room and one of its own").hasSize(3);
    held.forEach(ManifestBodies.Lease::close);
    assertThat(read("", runs(4, 50_000))).isEqualTo(ManifestBodies.Outcome.READ);
  }
}
