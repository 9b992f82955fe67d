package dev.berth.server.health;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;

/// Runs health checks and knows their last results. A check that hangs counts as failed. An
/// operator can declare the registry unwell by hand.
public final class HealthMonitor {
  /// As registry 2.8.2's library names what is declared by hand, and what it says then.
  private static final String BY_HAND = "manual_http_status";

  private static final String BY_HAND_TEXT = "Manual Check";

  private final List<WatchedCheck> checks;
  private volatile boolean down;

  /// Starts to look, each check on its own schedule.
  ///
  /// @param threads one for each check, or a check that hangs keeps others from being made
  public HealthMonitor(List<HealthCheck> checks, ScheduledExecutorService threads) {
    this.checks = checks.stream().map(WatchedCheck::new).toList();
    for (int i = 0; i < checks.size(); i++) {
      this.checks.get(i).start(checks.get(i).interval(), threads);
    }
  }

  /// Whether every check is well enough, and nobody said otherwise. Does no I/O.
  public boolean isHealthy() {
    for (WatchedCheck check : checks) {
      if (check.fault() != null) {
        return false;
      }
    }
    return !down;
  }

  /// What is wrong, by the names of the checks. Does no I/O.
  public SortedMap<String, String> faults() {
    SortedMap<String, String> faults = new TreeMap<>();
    for (WatchedCheck check : checks) {
      String fault = check.fault();
      if (fault != null) {
        faults.put(check.name(), fault);
      }
    }
    if (down) {
      faults.put(BY_HAND, BY_HAND_TEXT);
    }
    return faults;
  }

  /// Declares the registry unwell, or takes that back.
  public void declareDown(boolean unwell) {
    down = unwell;
  }
}
