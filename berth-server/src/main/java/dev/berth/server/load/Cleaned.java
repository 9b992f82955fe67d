package dev.berth.server.load;

/// What became of the images at the end.
///
/// @param deleted how many were deleted
/// @param kept how many are still there
/// @param reason why they are; empty where none is
record Cleaned(int deleted, int kept, String reason) {}
