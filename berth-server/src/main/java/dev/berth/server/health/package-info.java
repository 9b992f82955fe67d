/// Whether the registry is well: looks at the store, and at what else the configuration names, in
/// the background. Nothing here waits while a request is answered.
@NullMarked
package dev.berth.server.health;

import org.jspecify.annotations.NullMarked;
