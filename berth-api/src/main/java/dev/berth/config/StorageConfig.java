package dev.berth.config;

/// Where images are kept.
public sealed interface StorageConfig permits FilesystemStorage, MemoryStorage {}
