package dev.berth.server.doctor;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Runs checks, none of them longer than it may take: a store that hangs cannot be waited for, and
/// its thread cannot be ended either, so it is left to the end of the process.
final class Bounded {
  /// Most that one check takes.
  static final Duration LIMIT = Duration.ofSeconds(20);

  private final Consumer<Finding> told;
  private final Duration limit;

  Bounded(Consumer<Finding> told) {
    this(told, LIMIT);
  }

  Bounded(Consumer<Finding> told, Duration limit) {
    this.told = told;
    this.limit = limit;
  }

  /// Runs a check and tells what it found.
  ///
  /// @param group of its findings
  /// @param what it looks at, for one that does not end
  void run(String group, String what, Check check) {
    var findings = new Findings(group);
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              look(check, what, findings);
              return null;
            });
    Thread.ofPlatform().daemon().name("doctor " + group).start(task);
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      findings.fail(
          what + ": no answer within " + limit.toSeconds() + " s",
          "see why it hangs: a network file system whose server is away, a firewall that drops"
              + " packets, a server that is overloaded");
    } catch (ExecutionException e) {
      // What else there is to say is worth more than the end of all.
      findings.fail(
          what + " could not be looked at to the end: " + e.getCause(),
          "see whether the message says why; if not, report it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tell(findings.all());
  }

  private static void look(Check check, String what, Findings findings) {
    try {
      check.look(findings);
    } catch (IOException e) {
      findings.fail(what + ": " + Reason.of(e), "make it reachable and readable for this process");
    } catch (GeneralSecurityException e) {
      findings.fail(what + ": " + Reason.of(e), "see what is wrong with it");
    }
  }

  private void tell(List<Finding> findings) {
    findings.forEach(told);
  }
}
