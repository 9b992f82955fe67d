package dev.berth.server.engine;

/// Answers requests. Called on a thread of the engine's pools; may block.
@FunctionalInterface
public interface HttpHandler {
  /// Answers one request by calling [HttpExchange#respond] once. What is thrown before that becomes
  /// a plain 500 and a line in the log.
  void handle(HttpExchange exchange);

  /// Whether the request can be answered while the store hangs. It then does not wait behind those
  /// that cannot. Called on the event loop: must not take long.
  default boolean needsNoStore(RequestHead head) {
    return false;
  }

  /// A request's turn has come, before it waits for a thread: who wants to know how it ends follows
  /// it. Called on the event loop: must neither block nor fail.
  default Observation observe(RequestHead head) {
    return Observation.NONE;
  }
}
