/// Tests of what is counted, over real sockets and real stores.
@NullMarked
package dev.berth.server.metrics;

import org.jspecify.annotations.NullMarked;
