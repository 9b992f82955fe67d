package dev.berth.server.auth;

/// How much there is to do with passwords just now, and was done since the start.
///
/// @param busy checks that run
/// @param waiting checks that wait for their turn
/// @param right checks that found the password right
/// @param wrong checks that did not, unknown names included
/// @param remembered logins that needed no check, as one had been right lately
/// @param refused logins that found no room, and were told to come again
/// @param unavailable logins for which whoever knows could not be asked
public record LoginLoad(
    int busy,
    int waiting,
    long right,
    long wrong,
    long remembered,
    long refused,
    long unavailable) {}
