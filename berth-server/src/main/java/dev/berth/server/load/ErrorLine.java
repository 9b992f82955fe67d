package dev.berth.server.load;

/// All failures of one request of one operation for one reason.
///
/// @param retried after how many of them the operation was tried again
/// @param failed after how many of them it was given up
/// @param firstSecond of the load
/// @param lastSecond of the load
/// @param example the first of them: what was asked and what came
record ErrorLine(
    Operation operation,
    RequestKind request,
    String reason,
    long retried,
    long failed,
    double firstSecond,
    double lastSecond,
    String example) {
  long count() {
    return retried + failed;
  }
}
