package dev.berth.storage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a file or folder without opening it.
///
/// @param size bytes; 0 for a folder
/// @param modified the store's own time of the last change of content; of a folder, a time that
///   moves with each name that comes or goes and that nobody sets back
/// @param version of a file's content: two looks at one path that give equal versions saw the same
///   bytes. Null for a folder, where the store cannot tell, and for so short a time after a change
///   that a second change might not show
public record FileInfo(boolean folder, long size, Instant modified, @Nullable Object version) {}
