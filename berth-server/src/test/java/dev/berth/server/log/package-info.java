/// Tests of the application log.
@NullMarked
package dev.berth.server.log;

import org.jspecify.annotations.NullMarked;
