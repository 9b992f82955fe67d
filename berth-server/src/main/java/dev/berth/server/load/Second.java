package dev.berth.server.load;

/// About one second of the load.
///
/// @param end seconds from the start of the load to the end of this one
/// @param pushes that succeeded in it
/// @param pulls that succeeded in it
/// @param errors attempts that failed in it, whether tried again or not
/// @param bytes of pushes and pulls that succeeded in it
/// @param push latencies of those pushes
/// @param pull latencies of those pulls
record Second(
    double end, long pushes, long pulls, long errors, long bytes, Latencies push, Latencies pull) {}
