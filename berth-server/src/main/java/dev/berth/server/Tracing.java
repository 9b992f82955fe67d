package dev.berth.server;

import dev.berth.oci.wire.OciRoutes;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.http.Witness;
import dev.berth.server.tracing.TraceSettings;
import dev.berth.server.tracing.TraceVariables;
import dev.berth.server.tracing.Traces;
import dev.berth.storage.StorageDriver;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is traced of the parts, where the environment asks for it. Where it does not, every part
/// stays as it is, and nothing of the library is loaded.
final class Tracing implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Tracing.class.getName());

  private final @Nullable Traces traces;

  private Tracing(@Nullable Traces traces) {
    this.traces = traces;
  }

  /// Begins to trace, or says in the log why it does not.
  ///
  /// @param instance tells this process from others
  static Tracing start(Map<String, String> environment, String version, String instance) {
    TraceVariables.Reading reading = TraceVariables.read(environment);
    for (String problem : reading.problems()) {
      LOG.log(Level.WARNING, "traces are off: " + problem);
    }
    TraceSettings settings = reading.settings().orElse(null);
    return new Tracing(settings == null ? null : Traces.start(settings, version, instance));
  }

  StorageDriver around(StorageDriver driver) {
    return traces == null ? driver : traces.around(driver);
  }

  HttpHandler around(HttpHandler handler, OciRoutes routes) {
    return traces == null ? handler : traces.around(handler, routes);
  }

  /// Is told of each request.
  Witness witness() {
    return traces == null ? Witness.NONE : traces.witness();
  }

  /// Gives the trace that a thread works for; empty for none.
  Supplier<String> traceIds() {
    return traces == null ? () -> "" : Traces::traceId;
  }

  @Override
  public void close() {
    if (traces != null) {
      traces.close();
    }
  }
}
