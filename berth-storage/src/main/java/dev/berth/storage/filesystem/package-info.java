/// Bytes under a folder of this machine, written so that they survive loss of power. Only wiring
/// and tests use it, and only through [dev.berth.storage.StorageDriver]. It never decides what a
/// path means.
@NullMarked
package dev.berth.storage.filesystem;

import org.jspecify.annotations.NullMarked;
