package dev.berth.server;

import java.lang.System.Logger.Level;

/// Work done again and again in the background. A failure is logged and does not end the series, as
/// it would for a plain `Runnable`.
record Task(String name, Runnable work) implements Runnable {
  private static final System.Logger LOG = System.getLogger(Task.class.getName());

  @Override
  public void run() {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, name + " failed: " + e.getMessage());
    }
  }
}
