package dev.berth.server.tracing;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriverContract;
import dev.berth.storage.memory.MemoryDriver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class StorageTracerContractTest extends StorageDriverContract {
  private final StorageDriver driver = new MemoryDriver(1L << 30, InstantSource.system());
  private final Traces traces = new Collected().traces();
  private final Span request = traces.tracer().spanBuilder("request").startSpan();

  // Set before each test.
  @SuppressWarnings("NullAway.Init")
  private Scope scope;

  // Closed after each test.
  @SuppressWarnings("MustBeClosedChecker")
  @BeforeEach
  void enter() {
    scope = request.makeCurrent();
  }

  @AfterEach
  void leave() {
    scope.close();
    traces.close();
  }

  @Override
  protected StorageDriver open() {
    return traces.around(driver);
  }
}
