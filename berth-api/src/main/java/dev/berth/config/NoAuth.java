package dev.berth.config;

/// Nobody is asked: everybody may do everything.
public record NoAuth() implements AuthConfig {}
