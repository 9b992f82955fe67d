/// What is read again while the server runs, and whether the newest of it can be used. The one
/// place where log, metrics and `/debug/health` have it from.
@NullMarked
package dev.berth.server.reload;

import org.jspecify.annotations.NullMarked;
