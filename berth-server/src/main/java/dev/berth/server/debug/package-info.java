/// What operators and orchestrators ask: probes, the health of registry 2.8.2, and the listener
/// that answers them when everything else is stuck.
@NullMarked
package dev.berth.server.debug;

import org.jspecify.annotations.NullMarked;
