/// Bytes in the memory of this process: for trying out, for tests, and for `storage.inmemory`. Only
/// wiring and tests use it. It never touches a disk.
@NullMarked
package dev.berth.storage.memory;

import org.jspecify.annotations.NullMarked;
