package dev.berth.server.load;

/// What was measured of one kind of request or operation.
///
/// @param count how many succeeded
/// @param failed how many did not, and were not tried again; of requests: all that failed
/// @param retried how many attempts failed and were followed by another
/// @param bytes of blobs and manifests, sent or read by those that succeeded
/// @param latencies of those that succeeded
record Figures(long count, long failed, long retried, long bytes, Latencies latencies) {}
