package dev.berth.rules.planted.mocks;

/// Stands for a library of mocks.
public final class Mock {}
