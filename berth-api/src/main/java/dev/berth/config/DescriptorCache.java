package dev.berth.config;

/// Where facts are remembered that follow from immutable bytes.
public enum DescriptorCache {
  /// Nowhere.
  OFF,
  /// In the memory of the process.
  INMEMORY,
  /// There, and in a Redis that all replicas share.
  REDIS
}
