package dev.berth.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Keeps what is logged from standard error, to look at.
public final class QuietLog extends Handler implements AutoCloseable {
  private final Logger root = Logger.getLogger("");
  private final Handler[] before = root.getHandlers();
  private final List<String> messages = new CopyOnWriteArrayList<>();

  public QuietLog() {
    for (Handler handler : before) {
      root.removeHandler(handler);
    }
    root.addHandler(this);
  }

  public List<String> messages() {
    return messages;
  }

  @Override
  public void publish(LogRecord record) {
    messages.add(record.getLoggerName() + " " + record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    root.removeHandler(this);
    for (Handler handler : before) {
      root.addHandler(handler);
    }
  }
}
