package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final int MIB = 1 << 20;

  @Test
  void takesFewerConnectionsWithTlsWhereThereIsLittleMemory() {
    var small = new Admission(4096, 64L * MIB, 64L * MIB);
    int admitted = 0;
    while (small.admit(new EmbeddedChannel(), true)) {
      admitted++;
    }
    assertThat(admitted).isEqualTo(1024);
    assertThat(small.admit(new EmbeddedChannel(), false)).isTrue();
    assertThat(small.open()).isEqualTo(1025);

    var large = new Admission(10, 1024L * MIB, 1024L * MIB);
    for (int i = 0; i < 10; i++) {
      assertThat(large.admit(new EmbeddedChannel(), i % 2 == 0)).isTrue();
    }
    assertThat(large.admit(new EmbeddedChannel(), true)).isFalse();
    assertThat(large.admit(new EmbeddedChannel(), false)).isFalse();
  }

  @Test
  void aClosedConnectionMakesRoom() {
    var admission = new Admission(1, 64L * MIB, 64L * MIB);
    var first = new EmbeddedChannel();
    assertThat(admission.admit(first, true)).isTrue();
    assertThat(admission.admit(new EmbeddedChannel(), true)).isFalse();

    assertThat(first.close().isSuccess()).isTrue();

    assertThat(admission.open()).isZero();
    assertThat(admission.admit(new EmbeddedChannel(), true)).isTrue();
  }

  /// Many connections with TLS hold less each for clients that do not read.
  @Test
  void onlyTheFirstMayHaveMuchOnItsWay() {
    var admission = new Admission(100, 64L * MIB, MIB);
    var first = new EmbeddedChannel();
    var second = new EmbeddedChannel();
    var plain = new EmbeddedChannel();
    assertThat(admission.admit(first, true)).isTrue();
    assertThat(admission.admit(second, true)).isTrue();
    assertThat(admission.admit(plain, false)).isTrue();

    assertThat(first.config().getWriteBufferHighWaterMark()).isEqualTo(64 << 10);
    assertThat(second.config().getWriteBufferHighWaterMark()).isEqualTo(16 << 10);
    assertThat(plain.config().getWriteBufferHighWaterMark()).isEqualTo(64 << 10);
  }

  /// Who has said nothing yet takes a place all the same: a handshake costs most of the memory.
  @Test
  void connectionsBeforeTheirHandshakeCount() throws Exception {
    EngineSettings settings = TestingEngine.settings().with(TestTls.settings(true));
    EngineSettings.Limits limits = settings.limits();
    EngineSettings few =
        settings.with(
            new EngineSettings.Limits(
                limits.urlBytes(), limits.headerBytes(), 3, limits.discardBytes()));
    try (TestingEngine engine =
        TestingEngine.start(few, e -> e.respond(TestingEngine.text("hello")))) {
      List<RawClient> silent = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        silent.add(new RawClient(engine.port()));
      }
      TestingEngine.eventually("all count", () -> engine.engine.load().connections() == 3);
      try (RawClient fourth = new RawClient(engine.port())) {
        assertThat(fourth.atEnd()).isTrue();
      }
      for (RawClient client : silent) {
        client.close();
      }
      TestingEngine.eventually("none counts", () -> engine.engine.load().connections() == 0);
      try (FrameClient client = new FrameClient(engine.port())) {
        assertThat(client.request(1, true, "GET", "/").reply(1).status()).isEqualTo(200);
      }
    }
  }
}
