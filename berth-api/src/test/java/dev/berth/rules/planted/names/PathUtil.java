package dev.berth.rules.planted.names;

/// Has a name that says nothing.
final class PathUtil {}
