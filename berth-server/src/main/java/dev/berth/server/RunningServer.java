package dev.berth.server;

import dev.berth.config.ListenAddress;
import dev.berth.server.engine.HttpEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A server that answers requests, and what must be ended with it.
final class RunningServer implements ServerStarter.Running {
  private final ListenAddress address;
  private final HttpEngine engine;
  private final Duration drainTimeout;
  private final List<Runnable> endings;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param endings run in order once no request is answered any more
  RunningServer(
      ListenAddress address, HttpEngine engine, Duration drainTimeout, List<Runnable> endings) {
    this.address = address;
    this.engine = engine;
    this.drainTimeout = drainTimeout;
    this.endings = List.copyOf(endings);
  }

  @Override
  public ListenAddress address() {
    return address;
  }

  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    try {
      if (!drainTimeout.isZero()) {
        engine.drain(drainTimeout);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      engine.close();
      endings.forEach(Runnable::run);
      closed.countDown();
    }
  }

  @Override
  public void awaitClose() throws InterruptedException {
    closed.await();
  }
}
