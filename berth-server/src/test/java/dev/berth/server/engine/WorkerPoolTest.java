package dev.berth.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger started = new AtomicInteger();
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  @AfterEach
  void letGo() {
    go.countDown();
  }

  private void hang() {
    started.incrementAndGet();
    names.add(Thread.currentThread().getName());
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static WorkerPool pool(int threads, int queue) {
    return new WorkerPool("pool", new EngineSettings.Pool(threads, queue));
  }

  @Test
  void hangingTasksHoldNobodyUpWhileThreadsAreLeft() {
    WorkerPool pool = pool(8, 0);
    for (int i = 0; i < 8; i++) {
      assertThat(pool.submit(this::hang)).isTrue();
    }
    TestingEngine.eventually("all run", () -> started.get() == 8);
    assertThat(names).hasSize(8).allMatch(name -> name.startsWith("pool-"));
  }

  @Test
  void whatFindsNoThreadAndNoRoomIsRefused() throws Exception {
    WorkerPool pool = pool(2, 3);
    for (int i = 0; i < 5; i++) {
      assertThat(pool.submit(this::hang)).as("task %s", i).isTrue();
    }
    assertThat(pool.submit(this::hang)).isFalse();
    TestingEngine.eventually("two run", () -> started.get() == 2);
    assertThat(pool.submit(this::hang)).isFalse();
    go.countDown();
    assertThat(pool.close(PATIENCE)).isTrue();
    assertThat(started).hasValue(5);
  }

  @Test
  void oneAtATimeStaysOnOneThread() {
    WorkerPool pool = pool(8, 8);
    for (int i = 1; i <= 50; i++) {
      pool.submit(() -> names.add(Thread.currentThread().getName()));
      pool.submit(started::incrementAndGet);
      int expected = i;
      TestingEngine.eventually("done", () -> started.get() == expected && pool.busy() == 0);
    }
    // Two may overlap and call a second thread; eight never run.
    assertThat(names.size()).isLessThanOrEqualTo(2);
  }

  @Test
  void everyTaskRunsOnceUnderLoadFromManySides() throws Exception {
    WorkerPool pool = pool(4, 1_000_000);
    int senders = 6;
    int each = 20_000;
    Thread[] threads = new Thread[senders];
    for (int i = 0; i < senders; i++) {
      threads[i] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int j = 0; j < each; j++) {
                      pool.submit(started::incrementAndGet);
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(pool.close(PATIENCE)).isTrue();
    assertThat(started).hasValue(senders * each);
  }

  @Test
  void aTaskThatThrowsEndsNeitherThreadNorPool() throws Exception {
    WorkerPool pool = pool(1, 10);
    AtomicInteger caught = new AtomicInteger();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> caught.incrementAndGet());
    try {
      pool.submit(
          () -> {
            throw new IllegalStateException("planned by this test");
          });
      pool.submit(started::incrementAndGet);
      TestingEngine.eventually("the next runs", () -> started.get() == 1);
      assertThat(caught).hasValue(1);
      assertThat(pool.close(PATIENCE)).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  @Test
  void aClosedPoolTakesNothingAndTellsOfWhatStillRuns() throws Exception {
    WorkerPool pool = pool(2, 2);
    pool.submit(this::hang);
    assertThat(pool.close(Duration.ofMillis(50))).isFalse();
    assertThat(pool.submit(this::hang)).isFalse();
    go.countDown();
    assertThat(pool.close(PATIENCE)).isTrue();
    assertThat(pool(1, 1).close(PATIENCE)).isTrue();
  }
}
