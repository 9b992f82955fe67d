/// A load of pushes and pulls on a registry, and the report about it. Nothing of it is loaded by
/// the server.
@NullMarked
package dev.berth.server.load;

import org.jspecify.annotations.NullMarked;
