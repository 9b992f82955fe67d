package dev.berth.server.events;

import java.util.Map;

/// What became of the events of one endpoint since the start of this process.
///
/// @param endpoint its name, or where it is
/// @param events those that were for it
/// @param successes tries that it accepted
/// @param failures tries that it answered with a status from 400 on
/// @param errors tries that it did not answer
/// @param pending events of this process that wait
/// @param dropped events lost because neither store nor memory had room, or that could not become
///   dead letters
/// @param deadLetters events given up
/// @param damaged records of the queue that a crash cut short
/// @param statuses answers by status, such as `200`
public record EndpointCounts(
    String endpoint,
    long events,
    long successes,
    long failures,
    long errors,
    long pending,
    long dropped,
    long deadLetters,
    long damaged,
    Map<String, Long> statuses) {
  public EndpointCounts {
    statuses = Map.copyOf(statuses);
  }
}
