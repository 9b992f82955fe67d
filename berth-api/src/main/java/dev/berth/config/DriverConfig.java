package dev.berth.config;

/// The storage driver: where images are kept, and what that kind of store needs to know.
public sealed interface DriverConfig permits FilesystemStorage, MemoryStorage {}
