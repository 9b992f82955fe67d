package dev.berth.server.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Platform threads with a bounded queue before them. Differs from the JDK's pool in two points: a
/// new thread is made only when none is idle, and the thread that became idle last is woken first,
/// so that light load stays on few threads with warm stacks. A thread without work for a minute
/// ends.
final class WorkerPool {
  private static final long KEEP_IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final String name;
  private final int maxThreads;
  private final int maxQueue;
  private final Object lock = new Object();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final ArrayDeque<Worker> idle = new ArrayDeque<>();
  private int threads;
  private int named;
  private boolean closed;

  WorkerPool(String name, EngineSettings.Pool bounds) {
    this.name = name;
    this.maxThreads = bounds.threads();
    this.maxQueue = bounds.queue();
  }

  /// Runs `task` on a thread of the pool, now or when one is free.
  ///
  /// @return false if all threads are busy and the queue is full, or the pool is closed
  boolean submit(Runnable task) {
    Worker worker;
    synchronized (lock) {
      if (closed) {
        return false;
      }
      worker = idle.pollLast();
      if (worker == null && threads == maxThreads) {
        return queue.size() < maxQueue && queue.add(task);
      }
      if (worker == null) {
        worker = new Worker(task);
        threads++;
        worker.thread = Thread.ofPlatform().daemon().name(name + "-" + ++named).unstarted(worker);
        worker.thread.start();
        return true;
      }
    }
    worker.give(task);
    return true;
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
    private @Nullable Thread thread;
    private volatile @Nullable Runnable task;

    Worker(Runnable first) {
      task = first;
    }

    void give(Runnable next) {
      task = next;
      LockSupport.unpark(thread);
    }

    @Override
    public void run() {
      try {
        for (Runnable next = task; next != null; next = take()) {
          next.run();
        }
      } finally {
        synchronized (lock) {
          threads--;
          lock.notifyAll();
        }
      }
    }

    private @Nullable Runnable take() {
      synchronized (lock) {
        task = queue.poll();
        if (task != null || closed) {
          return task;
        }
        idle.addLast(this);
      }
      long end = System.nanoTime() + KEEP_IDLE_NANOS;
      while (task == null) {
        long left = end - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(this, left);
        }
        if (task == null && (left <= 0 || isClosed())) {
          synchronized (lock) {
            // Whoever took this worker from the list gives it a task in the next moment.
            if (idle.remove(this)) {
              return null;
            }
          }
        }
      }
      return task;
    }
  }

  private boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }
}
