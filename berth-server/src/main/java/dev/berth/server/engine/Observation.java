package dev.berth.server.engine;

/// Follows one request from its turn to the end of its answer. Called on event loops: must neither
/// block nor fail.
@FunctionalInterface
public interface Observation {
  /// Follows nothing.
  Observation NONE = (_, _) -> {};

  /// The answer is handed to the socket, or never will be. Called once.
  ///
  /// @param status of the answer; 499 where the client left before there was one
  /// @param bodyBytes of the answer's body as registry 2.8.2 counts them: for HEAD those of an
  ///   error, though they are not sent
  void ended(int status, long bodyBytes);
}
