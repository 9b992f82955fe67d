package dev.berth.storage;

import java.time.Instant;

/// What is known of a file or folder without opening it.
///
/// @param size bytes; 0 for a folder
/// @param modified the store's own time of the last change of content
public record FileInfo(boolean folder, long size, Instant modified) {}
