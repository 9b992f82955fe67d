package dev.berth.config;

/// Images in memory, gone when the process ends. For trials and tests.
public record MemoryStorage() implements DriverConfig {}
