package dev.berth.server.auth;

/// One right that a request needs.
///
/// @param type `repository`, or `registry` for what belongs to no repository
/// @param name the repository's name, or `catalog`
public record Need(String type, String name, Action action) {}
