package dev.berth.server.log;

/// A fact beside the message of a log line: `LOGGER.log(Level.INFO, "upload purged", new Fact("id",
/// id))`.
///
/// @param key fixed, lower case, for example `repository`
/// @param value written by its `toString`; a [dev.berth.config.Secret] stays hidden
public record Fact(String key, Object value) {}
