package dev.berth.server.reload;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;

/// One thing that is read again while the server runs. Who reads it tells how that went; what is
/// broken is said once in the log. Safe for use by many threads.
public final class Reload {
  private static final Logger LOG = System.getLogger(Reload.class.getName());

  private final String key;
  private final InstantSource clock;
  private volatile Instant good;
  private volatile String fault = "";

  Reload(String key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
    this.good = clock.instant();
  }

  /// Something new was read, and holds from now on.
  public void renewed() {
    good = clock.instant();
    unchanged();
  }

  /// What is there is what holds.
  public void unchanged() {
    if (!fault.isEmpty()) {
      fault = "";
      LOG.log(Level.INFO, "{0}: can be used again", key);
    }
  }

  /// What is there cannot be used, and what was before still holds.
  ///
  /// @param reason which file, what is wrong, what to do
  public void broken(String reason) {
    if (!reason.equals(fault)) {
      fault = reason;
      LOG.log(Level.ERROR, "{0}: {1}; what it held before still holds", key, reason);
    }
  }

  String key() {
    return key;
  }

  Reloads.State state() {
    return new Reloads.State(key, good, fault);
  }
}
