/// The rules of the house as failing tests. Each module's `ArchitectureTest` calls them; nothing
/// else does.
@NullMarked
package dev.berth.rules;

import org.jspecify.annotations.NullMarked;
