/// Stores that fail and lose power, for tests of what stands on a store. Every random choice comes
/// from a seed that is printed.
@NullMarked
package dev.berth.storage.faults;

import org.jspecify.annotations.NullMarked;
