/// Connections that this server opens: whom they trust, and what its requests carry.
@NullMarked
package dev.berth.server.outgoing;

import org.jspecify.annotations.NullMarked;
