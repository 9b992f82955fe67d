/// The rules of the house as failing tests. Each module's `ArchitectureTest` holds its classes to
/// them; nothing else uses them. Package [dev.berth.rules.planted] holds one offence against each,
/// so that every rule has been seen failing. [DocumentNames] holds the documents to the tree.
@NullMarked
package dev.berth.rules;

import org.jspecify.annotations.NullMarked;
