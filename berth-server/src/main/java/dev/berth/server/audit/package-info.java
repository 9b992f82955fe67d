/// Writes down who pushed, pulled and deleted what, and who was refused.
@NullMarked
package dev.berth.server.audit;

import org.jspecify.annotations.NullMarked;
