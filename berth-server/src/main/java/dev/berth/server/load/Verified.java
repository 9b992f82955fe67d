package dev.berth.server.load;

import java.util.List;

/// What became of the images whose push was answered 201.
///
/// @param acknowledged how many there were
/// @param found how many were there with everything
/// @param lost how many were not, or had other bytes
/// @param notVerified how many the server could not tell about
/// @param losses what was lost, the first of them, a line each
/// @param reason why the server could not tell, the first; empty where it could
record Verified(
    int acknowledged, int found, int lost, int notVerified, List<String> losses, String reason) {}
