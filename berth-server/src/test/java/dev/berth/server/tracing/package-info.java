@NullMarked
package dev.berth.server.tracing;

import org.jspecify.annotations.NullMarked;
