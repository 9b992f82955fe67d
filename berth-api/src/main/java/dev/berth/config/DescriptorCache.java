package dev.berth.config;

/// Where facts about blobs are remembered.
public enum DescriptorCache {
  /// Nowhere.
  OFF,
  /// In the memory of the process.
  INMEMORY
}
