package dev.berth.server.engine;

import java.time.Duration;

/// How much an engine has to do just now.
///
/// @param connections open
/// @param inFlight requests whose answer is not handed to the socket yet
/// @param reads threads for what reads the store
/// @param writes threads for what changes it
/// @param light threads for what needs no store
/// @param headBytes of requests that are read or wait
/// @param bodyBytes of bodies that wait for their handlers
/// @param copiedBytes of pieces of files that were read and not sent yet
/// @param answerBytes of large answers that are made or wait for their clients
/// @param loopDelay how late the latest event loop is
public record EngineLoad(
    int connections,
    int inFlight,
    Pool reads,
    Pool writes,
    Pool light,
    long headBytes,
    long bodyBytes,
    long copiedBytes,
    long answerBytes,
    Duration loopDelay) {

  /// Threads, and what waits for them.
  ///
  /// @param refused so many tasks since the start, since all threads were busy and the queue full
  public record Pool(int threads, int busy, int queued, long refused) {}
}
