package dev.berth.e2e.durability;

import dev.berth.e2e.durability.PushClient.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/// Keeps some [PushClient]s busy on threads of their own, until something goes wrong or the load is
/// stopped. Can run a cut in the very moment in which an action was acknowledged, and can pause.
final class PushLoad implements AutoCloseable {
  /// Against a hang only.
  private static final long ACTION_SECONDS = 120;

  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock(true);
  private final AtomicReference<@Nullable Cut> waiting = new AtomicReference<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  private static final class Cut {
    private final CountDownLatch done = new CountDownLatch(1);
    private final Action after;
    private final Runnable what;

    Cut(Action after, Runnable what) {
      this.after = after;
      this.what = what;
    }

    void run() {
      try {
        what.run();
      } finally {
        done.countDown();
      }
    }
  }

  PushLoad(List<PushClient> clients) {
    for (PushClient client : clients) {
      threads.add(Thread.ofPlatform().name("push-client").start(() -> work(client)));
    }
  }

  /// Runs `what` on a client's thread as soon as that client's next action of the kind `after` is
  /// acknowledged, while the other clients go on.
  void onceAcknowledged(Action after, Runnable what) {
    var cut = new Cut(after, what);
    waiting.set(cut);
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ACTION_SECONDS);
      while (!cut.done.await(50, TimeUnit.MILLISECONDS)) {
        failIfBroken();
        if (System.nanoTime() > deadline) {
          throw new AssertionError("no client did " + after + " within " + ACTION_SECONDS + " s");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a client", e);
    }
    failIfBroken();
  }

  /// Runs `what` while no client has a request under way.
  void paused(Runnable what) {
    running.writeLock().lock();
    try {
      what.run();
    } finally {
      running.writeLock().unlock();
    }
  }

  /// Throws what stopped a client, if something did.
  void failIfBroken() {
    Throwable broken = failure.get();
    if (broken != null) {
      throw new AssertionError("a push client broke", broken);
    }
  }

  /// Ends the clients, and waits for their last requests. Broken clients are not reported here: a
  /// caller that killed the registry expects them.
  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(ACTION_SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void work(PushClient client) {
    try {
      while (!stopped) {
        running.readLock().lock();
        try {
          Action done = client.act();
          Cut cut = waiting.get();
          if (cut != null && cut.after == done && waiting.compareAndSet(cut, null)) {
            cut.run();
          }
        } finally {
          running.readLock().unlock();
        }
      }
    } catch (Throwable broken) {
      failure.compareAndSet(null, broken);
    }
  }
}
