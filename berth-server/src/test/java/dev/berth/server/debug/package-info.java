@NullMarked
package dev.berth.server.debug;

import org.jspecify.annotations.NullMarked;
