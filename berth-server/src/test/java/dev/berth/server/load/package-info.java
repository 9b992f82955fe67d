/// Tests of the load.
@NullMarked
package dev.berth.server.load;

import org.jspecify.annotations.NullMarked;
