package dev.berth.server;

import dev.berth.config.AuditConfig;
import dev.berth.server.audit.AuditLog;
import dev.berth.server.audit.AuditWitness;
import dev.berth.server.http.Witness;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The audit log, where the configuration asks for one.
final class Auditing {
  private final @Nullable AuditLog log;
  private final boolean pulls;

  /// @param standardOutput where it may go to
  /// @throws IOException in one line: it cannot be written, and what to do
  Auditing(AuditConfig config, OutputStream standardOutput) throws IOException {
    this.pulls = config.pulls();
    this.log =
        switch (config.path()) {
          case "" -> null;
          case "-" -> AuditLog.to(standardOutput);
          default -> AuditLog.to(Path.of(config.path()));
        };
  }

  /// @param traces gives the trace that the thread works for; empty for none
  Witness witness(InstantSource clock, Supplier<String> traces) {
    return log == null ? Witness.NONE : new AuditWitness(log, clock, traces, pulls);
  }

  /// Lines lost so far.
  long dropped() {
    return log == null ? 0 : log.dropped();
  }

  void close() {
    if (log != null) {
      log.close();
    }
  }
}
