package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class BodyQueueTest {
  private static final int CHUNK = 16 << 10;

  @Test
  void resumesAlsoWhenBytesCameAfterThePauseAndBelowTheBound() throws Exception {
    var resumed = new AtomicInteger();
    var queue = new BodyQueue(() -> {}, resumed::incrementAndGet);
    queue.offer(chunk());
    queue.next();
    int offered = 0;
    while (queue.offer(chunk())) {
      offered++;
    }
    offered++;

    // The reader takes two, and the same read of the socket gives one more.
    queue.next();
    queue.next();
    boolean maySocketBeRead = queue.offer(chunk());
    for (int left = offered - 2 + 1; left > 0; left--) {
      queue.next();
    }
    queue.close();

    assertThat(maySocketBeRead).isFalse();
    assertThat(resumed).hasValue(1);
  }

  private static ByteBuf chunk() {
    return Unpooled.buffer(CHUNK).writeZero(CHUNK);
  }
}
