package dev.berth.rules.planted.open;

/// Public, and used by nobody else.
public final class Exposed {}
