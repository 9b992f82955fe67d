package dev.berth.server.debug;

import dev.berth.config.ListenAddress;
import dev.berth.server.engine.EngineSettings;
import dev.berth.server.engine.HttpEngine;
import dev.berth.server.engine.HttpHandler;
import dev.berth.server.engine.InstantHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The listener of `http.debug.addr`: an engine with an event loop and threads of its own, so that
/// it answers when the other one is full or stuck. Without logins and without TLS, as that of
/// registry 2.8.2.
public final class DebugListener implements AutoCloseable {
  private static final int CONNECTIONS = 256;
  private static final EngineSettings.Pool READS = new EngineSettings.Pool(2, 16);
  private static final EngineSettings.Pool WRITES = new EngineSettings.Pool(1, 4);

  private final HttpEngine engine;

  private DebugListener(HttpEngine engine) {
    this.engine = engine;
  }

  /// Listens, and returns when connections are taken.
  ///
  /// @param pages what is answered on the event loop, from memory
  /// @param handlers what is answered on threads, by exact paths
  /// @throws IOException the address cannot be listened on; the message says what to do
  public static DebugListener start(
      ListenAddress address, List<InstantHandler> pages, Map<String, HttpHandler> handlers)
      throws IOException {
    EngineSettings defaults =
        EngineSettings.defaults(address.host(), address.port(), PlainAnswers.busy());
    EngineSettings.Limits limits = defaults.limits();
    EngineSettings settings =
        defaults
            .with(
                new EngineSettings.Limits(
                    limits.urlBytes(), limits.headerBytes(), CONNECTIONS, limits.discardBytes()))
            .withPools(READS, WRITES)
            .withEventLoops(1)
            .withKey("http.debug.addr");
    Map<String, HttpHandler> byPath = Map.copyOf(handlers);
    HttpHandler unknown = exchange -> exchange.respond(PlainAnswers.notFound());
    return new DebugListener(
        HttpEngine.start(
            settings,
            exchange -> byPath.getOrDefault(exchange.head().path(), unknown).handle(exchange),
            InstantHandler.firstOf(pages)));
  }

  /// What is listened on, for the log.
  public String address() {
    return engine.address();
  }

  @Override
  public void close() {
    engine.close();
  }
}
