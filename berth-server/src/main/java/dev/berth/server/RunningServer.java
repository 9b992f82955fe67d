package dev.berth.server;

import dev.berth.config.ListenAddress;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.health.Readiness;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// A server that answers requests, and what must be ended with it.
final class RunningServer implements ServerStarter.Running {
  private static final System.Logger LOG = System.getLogger(RunningServer.class.getName());

  private final ListenAddress address;
  private final HttpEngine engine;
  private final Draining draining;
  private final Readiness readiness;
  private final Endings endings;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /// @param endings of the engine first, and then of what it uses
  RunningServer(
      ListenAddress address,
      HttpEngine engine,
      Draining draining,
      Readiness readiness,
      Endings endings) {
    this.address = address;
    this.engine = engine;
    this.draining = draining;
    this.readiness = readiness;
    this.endings = endings;
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
    readiness.draining();
    try {
      if (!draining.most().isZero()) {
        drain();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      endings.close();
      closed.countDown();
    }
  }

  private void drain() throws InterruptedException {
    LOG.log(
        Level.INFO,
        "stopping: "
            + engine.inFlight()
            + " requests in flight, at most "
            + draining.most().toSeconds()
            + "s");
    if (!engine.drain(draining.least(readiness.isWatched()), draining.most())) {
      LOG.log(Level.WARNING, "requests were cut off that took longer than http.draintimeout");
    }
  }

  @Override
  public void awaitClose() throws InterruptedException {
    closed.await();
  }
}
