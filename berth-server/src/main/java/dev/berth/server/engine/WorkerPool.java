package dev.berth.server.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Platform threads with a bounded queue before them. Differs from the JDK's pool in three points:
/// a new thread is made only when none is idle; the thread that became idle last is woken first, so
/// that light load stays on few threads with warm stacks; and one thread is woken at a time, which
/// wakes the next before it begins its own task if there is more to do. An event loop that hands
/// over ten requests in one round so pays for one wake-up, and a task that hangs holds nobody up.
final class WorkerPool {
  private static final long KEEP_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long CALL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final String name;
  private final int maxThreads;
  private final int maxQueue;
  private final Object lock = new Object();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private int threads;
  private int named;
  private boolean closed;
  private long refused;

  /// Whether a thread is on its way to the queue.
  private boolean waking;

  WorkerPool(String name, EngineSettings.Pool bounds) {
    this.name = name;
    this.maxThreads = bounds.threads();
    this.maxQueue = bounds.queue();
  }

  /// Runs `task` on a thread of the pool, now or when one is free.
  ///
  /// @return false if all threads are busy and the queue is full, or the pool is closed, or there
  ///   is no thread and none can be made
  boolean submit(Runnable task) {
    Worker woken;
    synchronized (lock) {
      int free = maxThreads - threads + idle.size() + (waking ? 1 : 0);
      if (closed || queue.size() >= maxQueue + free) {
        refused++;
        return false;
      }
      queue.add(task);
      woken = next();
    }
    return wake(woken) || stillServed(task);
  }

  /// Under the lock: the thread that shall look at the queue next; null if one is on its way or all
  /// are busy.
  private @Nullable Worker next() {
    if (waking || queue.isEmpty()) {
      return null;
    }
    Worker worker = idle.pollLast();
    if (worker == null && threads < maxThreads) {
      threads++;
      worker = new Worker(name + "-" + ++named);
    }
    waking = worker != null;
    return worker;
  }

  /// Outside the lock: a wake-up is a call into the kernel.
  private boolean wake(@Nullable Worker worker) {
    try {
      if (worker != null) {
        worker.call();
      }
      return true;
    } catch (OutOfMemoryError noThread) {
      synchronized (lock) {
        threads--;
        waking = false;
      }
      return false;
    }
  }

  /// After a thread could not be made: the others will come to the task, if there are any.
  private boolean stillServed(Runnable task) {
    synchronized (lock) {
      return threads > 0 || !queue.remove(task);
    }
  }

  /// Threads that run a task, or are on their way to one or back.
  int busy() {
    synchronized (lock) {
      return threads - idle.size();
    }
  }

  /// How much there is to do.
  EngineLoad.Pool load() {
    synchronized (lock) {
      return new EngineLoad.Pool(maxThreads, threads - idle.size(), queue.size(), refused);
    }
  }

  /// Whether tasks wait for a thread and every thread is busy.
  boolean isPressed() {
    synchronized (lock) {
      return !queue.isEmpty() && threads == maxThreads && idle.isEmpty();
    }
  }

  /// Takes no more tasks and waits for the running and queued ones.
  ///
  /// @return false if some still ran after `patience`
  boolean close(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    synchronized (lock) {
      closed = true;
      for (Worker worker : idle) {
        LockSupport.unpark(worker.thread);
      }
      while (threads > 0) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(lock, left);
      }
      return true;
    }
  }

  private final class Worker implements Runnable {
    private final Thread thread;
    private volatile boolean called;

    Worker(String threadName) {
      thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this);
    }

    void call() {
      called = true;
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      } else {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void run() {
      do {
        while (runNext()) {}
      } while (waitForCall());
    }

    /// False if there was nothing to do.
    private boolean runNext() {
      Runnable task;
      Worker other;
      synchronized (lock) {
        waking &= !called;
        called = false;
        task = queue.poll();
        if (task == null) {
          idle.addLast(this);
          return false;
        }
        other = next();
      }
      wake(other);
      try {
        task.run();
      } catch (RuntimeException | Error failure) {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
      }
      return true;
    }

    /// False if this thread shall end.
    private boolean waitForCall() {
      long end = System.nanoTime() + KEEP_IDLE_NANOS;
      while (!called) {
        long left = end - System.nanoTime();
        if (left <= 0 || isClosed()) {
          return !leave() && awaitCall();
        }
        LockSupport.parkNanos(this, left);
      }
      return true;
    }

    /// A task taken before the call has come would keep the others asleep until it ends.
    private boolean awaitCall() {
      while (!called) {
        LockSupport.parkNanos(this, CALL_NANOS);
      }
      return true;
    }

    /// False if somebody has chosen this thread already and will call it in a moment.
    private boolean leave() {
      synchronized (lock) {
        if (!idle.remove(this)) {
          return false;
        }
        threads--;
        lock.notifyAll();
        return true;
      }
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }
}
