package dev.berth.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.storage.StorageDriver;
import dev.berth.storage.StorageDriver.Appending;
import dev.berth.storage.StorageException;
import dev.berth.storage.StoragePath;
import dev.berth.storage.faults.Fault;
import dev.berth.storage.faults.Faults;
import dev.berth.storage.faults.FaultyDriver;
import dev.berth.storage.faults.Operation;
import dev.berth.storage.memory.MemoryDriver;
import dev.berth.storage.watched.WatchedDriver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StorageTracerTest {
  private static final StoragePath FILE = new StoragePath("a/b");

  private final Collected collected = new Collected();
  private final Traces traces = collected.traces();
  private final Faults faults = new Faults(1);
  private final Span request = traces.tracer().spanBuilder("request").startSpan();

  @AfterEach
  void close() {
    traces.close();
  }

  private StorageDriver driver(Duration least) {
    return new WatchedDriver(
        new FaultyDriver(new MemoryDriver(1L << 20, InstantSource.system()), faults),
        new StorageTracer(traces.tracer(), least));
  }

  @Test
  void showsLongCallsBelowTheRequest() {
    StorageDriver driver = driver(Duration.ZERO);
    try (Scope _ = request.makeCurrent()) {
      driver.put(FILE, new byte[1]);
      if (driver.append(FILE) instanceof Appending.Open(var writer)) {
        writer.sync();
        writer.close();
      }
    }

    assertThat(collected.spans())
        .extracting(SpanData::getName)
        .containsExactly("store PutContent", "store Writer", "store Sync");
    assertThat(collected.spans())
        .allMatch(span -> span.getParentSpanId().equals(request.getSpanContext().getSpanId()))
        .allMatch(span -> span.getAttributes().isEmpty());
  }

  @Test
  void leavesShortCallsOut() {
    StorageDriver driver = driver(Duration.ofMinutes(1));
    try (Scope _ = request.makeCurrent()) {
      driver.put(FILE, new byte[1]);
    }

    assertThat(collected.spans()).isEmpty();
  }

  @Test
  void showsShortCallsThatFail() {
    StorageDriver driver = driver(Duration.ofMinutes(1));
    faults.on(Operation.PUT, 1, Fault.IO_ERROR);
    try (Scope _ = request.makeCurrent()) {
      assertThatThrownBy(() -> driver.put(FILE, new byte[1])).isInstanceOf(StorageException.class);
    }

    assertThat(collected.spans())
        .singleElement()
        .matches(span -> span.getStatus().getStatusCode() == StatusCode.ERROR);
  }

  @Test
  void makesNoTraceOfWorkInTheBackground() {
    driver(Duration.ZERO).put(FILE, new byte[1]);

    assertThat(collected.spans()).isEmpty();
  }
}
