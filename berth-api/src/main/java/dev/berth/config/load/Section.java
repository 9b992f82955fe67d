package dev.berth.config.load;

/// A map of further keys that stands or falls as one.
record Section(String path, String meaning, Support support) implements SchemaEntry {}
