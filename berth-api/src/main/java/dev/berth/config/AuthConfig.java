package dev.berth.config;

/// How callers prove who they are.
public sealed interface AuthConfig permits NoAuth, HtpasswdAuth, TokenAuth {}
