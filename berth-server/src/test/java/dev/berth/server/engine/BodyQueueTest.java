package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BodyQueueTest {
  private static final int KIB = 1024;

  private final AtomicInteger resumed = new AtomicInteger();
  private final AtomicInteger wanted = new AtomicInteger();
  private final MemoryBudget budget = new MemoryBudget(1 << 20);
  private final BodyQueue queue = queue();

  private BodyQueue queue() {
    return new BodyQueue(budget, wanted::incrementAndGet, resumed::incrementAndGet);
  }

  private static ByteBuf bytes(int length) {
    return Unpooled.directBuffer(length).writeZero(length);
  }

  private static int remaining(BodyQueue queue) throws IOException {
    ByteBuffer next = queue.next();
    return next == null ? -1 : next.remaining();
  }

  @Test
  void theSocketStopsAt16KibUnreadAndAt256KibRead() throws IOException {
    assertThat(queue.offer(bytes(8 * KIB))).isTrue();
    assertThat(queue.offer(bytes(8 * KIB))).isFalse();
    assertThat(remaining(queue)).isEqualTo(8 * KIB);
    assertThat(resumed).hasValue(1);

    assertThat(queue.offer(bytes(64 * KIB))).isTrue();
    assertThat(queue.offer(bytes(64 * KIB))).isTrue();
    assertThat(queue.offer(bytes(128 * KIB))).isFalse();
  }

  @Test
  void theSocketGoesOnWhenHalfIsRead() throws IOException {
    queue.offer(bytes(KIB));
    queue.next();
    for (int i = 0; i < 4; i++) {
      queue.offer(bytes(64 * KIB));
    }
    queue.next();
    queue.next();
    assertThat(resumed).hasValue(0);
    queue.next();
    assertThat(resumed).hasValue(1);
    queue.next();
    assertThat(resumed).hasValue(1);
  }

  @Test
  void whatComesAfterThePauseDoesNotLoseTheResume() throws IOException {
    queue.offer(bytes(64 * KIB));
    queue.next();
    queue.offer(bytes(300 * KIB));
    assertThat(queue.offer(bytes(KIB))).isFalse();
    queue.next();
    assertThat(resumed).hasValue(2);
  }

  @Test
  void manyQueuesTogetherHoldLessEach() throws IOException {
    BodyQueue[] others = new BodyQueue[5];
    for (int i = 0; i < others.length; i++) {
      others[i] = queue();
      others[i].offer(bytes(KIB));
      others[i].next();
      others[i].offer(bytes(250 * KIB));
    }
    assertThat(budget.isSpent()).isTrue();
    queue.offer(bytes(KIB));
    queue.next();
    assertThat(queue.offer(bytes(64 * KIB))).isFalse();

    for (BodyQueue other : others) {
      other.close();
    }
    assertThat(budget.isSpent()).isFalse();
    queue.next();
    queue.close();
    assertThat(budget.used()).isZero();
  }

  @Test
  void crumbsAreGathered() throws IOException {
    queue.offer(bytes(KIB));
    queue.next();
    for (int i = 0; i < 5000; i++) {
      assertThat(queue.offer(bytes(3))).isTrue();
    }
    queue.end();
    int calls = 0;
    int total = 0;
    for (int length = remaining(queue); length >= 0; length = remaining(queue)) {
      calls++;
      total += length;
    }
    assertThat(total).isEqualTo(15_000);
    assertThat(calls).isLessThan(5);
    assertThat(budget.used()).isZero();
  }

  @Test
  void theFirstReadAsksForTheBodyUnlessItIsThere() throws IOException {
    queue.offer(bytes(1));
    queue.next();
    assertThat(wanted).hasValue(0);

    BodyQueue later = queue();
    later.fail(new IOException("gone"));
    assertThatThrownBy(later::next).isInstanceOf(IOException.class).hasMessage("gone");
    assertThatThrownBy(later::next).hasMessage("gone");
    assertThat(wanted).hasValue(1);
  }

  @Test
  void aFailureDropsWhatCameAndEveryBufferGoesBack() {
    ByteBuf first = bytes(10);
    ByteBuf second = bytes(10);
    queue.offer(first);
    queue.fail(new IOException("gone"));
    queue.offer(second);
    assertThat(first.refCnt()).isZero();
    assertThat(second.refCnt()).isZero();
    assertThatThrownBy(queue::next).hasMessage("gone");
    assertThat(queue.failed()).isTrue();
  }

  @Test
  void aBufferLivesUntilTheNextIsAskedFor() throws IOException {
    ByteBuf first = bytes(2000);
    ByteBuf second = bytes(2000);
    queue.offer(first);
    queue.offer(second);
    queue.end();
    queue.next();
    assertThat(first.refCnt()).isEqualTo(1);
    queue.next();
    assertThat(first.refCnt()).isZero();
    assertThat(queue.next()).isNull();
    assertThat(second.refCnt()).isZero();
    assertThat(queue.next()).isNull();
  }

  @Test
  void afterTheRequestTheBodyIsGone() throws IOException {
    queue.offer(bytes(10));
    queue.close();
    assertThat(queue.abandoned()).isTrue();
    assertThatThrownBy(queue::next).hasMessageContaining("over");
    queue.end();
    assertThat(queue.abandoned()).isFalse();
    assertThat(queue.next()).isNull();
  }
}
